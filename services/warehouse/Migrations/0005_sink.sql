CREATE TABLE warehouse.quarantined_events (
    source      text COLLATE "C" NOT NULL,
    message_id  text COLLATE "C" NOT NULL,
    name        text,
    reason      text NOT NULL,
    detail      text NOT NULL,
    platform    text,
    received_at timestamptz NOT NULL,
    raw         bytea NOT NULL,
    loaded_at   timestamptz NOT NULL,
    CONSTRAINT quarantined_events_pkey PRIMARY KEY (source, message_id)
);

COMMENT ON TABLE warehouse.quarantined_events IS 'Input that the collection API refused or that broke a rule; sent again, the latest refusal holds.';
COMMENT ON COLUMN warehouse.quarantined_events.source IS 'Source that sent it; empty when the write key was unknown.';
COMMENT ON COLUMN warehouse.quarantined_events.message_id IS 'Sender''s message id, or one derived from the bytes.';
COMMENT ON COLUMN warehouse.quarantined_events.name IS 'Event name, when readable.';
COMMENT ON COLUMN warehouse.quarantined_events.reason IS 'Reason code.';
COMMENT ON COLUMN warehouse.quarantined_events.detail IS 'What is wrong and where, without values.';
COMMENT ON COLUMN warehouse.quarantined_events.platform IS 'Shop platform of the source.';
COMMENT ON COLUMN warehouse.quarantined_events.received_at IS 'When the collection API received it.';
COMMENT ON COLUMN warehouse.quarantined_events.raw IS 'The bytes as received, sealed: only a holder of the platform''s sealing key reads them.';
COMMENT ON COLUMN warehouse.quarantined_events.loaded_at IS 'Clock of the sink when it began to load the row''s batch.';

CREATE TABLE warehouse.sink_offsets (
    consumer_group text COLLATE "C" NOT NULL,
    topic          text COLLATE "C" NOT NULL,
    partition      int NOT NULL,
    next_offset    bigint NOT NULL,
    CONSTRAINT sink_offsets_pkey PRIMARY KEY (consumer_group, topic, partition)
) WITH (fillfactor = 50);

COMMENT ON TABLE warehouse.sink_offsets IS 'How far each partition is loaded: written in one transaction with the rows, so that each record counts once.';
COMMENT ON COLUMN warehouse.sink_offsets.consumer_group IS 'Kafka consumer group.';
COMMENT ON COLUMN warehouse.sink_offsets.topic IS 'Topic.';
COMMENT ON COLUMN warehouse.sink_offsets.partition IS 'Partition.';
COMMENT ON COLUMN warehouse.sink_offsets.next_offset IS 'First offset that is not loaded.';

CREATE TABLE warehouse.table_loads (
    table_name text COLLATE "C" NOT NULL,
    loaded_at  timestamptz NOT NULL,
    CONSTRAINT table_loads_pkey PRIMARY KEY (table_name)
) WITH (fillfactor = 50);

COMMENT ON TABLE warehouse.table_loads IS 'When each table was loaded last.';
COMMENT ON COLUMN warehouse.table_loads.table_name IS 'Table.';
COMMENT ON COLUMN warehouse.table_loads.loaded_at IS 'Clock of the sink when it began to load the last batch with rows for the table.';

CREATE TABLE warehouse.dead_letters (
    topic     text COLLATE "C" NOT NULL,
    partition int NOT NULL,
    "offset"  bigint NOT NULL,
    reason    text NOT NULL,
    error     text NOT NULL,
    schema_id int,
    key       bytea,
    value     bytea,
    failed_at timestamptz NOT NULL,
    CONSTRAINT dead_letters_pkey PRIMARY KEY (topic, partition, "offset")
);

COMMENT ON TABLE warehouse.dead_letters IS 'Records that the sink could not load; the same are in commerce.warehouse.sink.dlq.v1.';
COMMENT ON COLUMN warehouse.dead_letters.topic IS 'Source topic.';
COMMENT ON COLUMN warehouse.dead_letters.partition IS 'Source partition.';
COMMENT ON COLUMN warehouse.dead_letters."offset" IS 'Source offset.';
COMMENT ON COLUMN warehouse.dead_letters.reason IS 'Reason code: deserialization, contract or constraint.';
COMMENT ON COLUMN warehouse.dead_letters.error IS 'Exception type or violated constraint, without values.';
COMMENT ON COLUMN warehouse.dead_letters.schema_id IS 'Schema id in the record, when readable.';
COMMENT ON COLUMN warehouse.dead_letters.key IS 'Raw key.';
COMMENT ON COLUMN warehouse.dead_letters.value IS 'Raw value.';
COMMENT ON COLUMN warehouse.dead_letters.failed_at IS 'When the sink gave it up.';
