-- Whoever reads the reports shall not read what could not be loaded: key and value are in the dead letter topic alone, the value sealed.
ALTER TABLE warehouse.dead_letters DROP COLUMN key, DROP COLUMN value;

COMMENT ON TABLE warehouse.dead_letters IS 'Records that the sink could not load; key and sealed value are in commerce.warehouse.sink.dlq.v1.';
