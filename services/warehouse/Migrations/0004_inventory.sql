CREATE TABLE warehouse.inventory_levels (
    product_key text COLLATE "C" NOT NULL,
    platform    text COLLATE "C" NOT NULL,
    sku         text NOT NULL,
    on_hand     bigint NOT NULL,
    reserved    bigint NOT NULL,
    owed        bigint NOT NULL,
    available   bigint NOT NULL,
    version     bigint NOT NULL,
    updated_at  timestamptz NOT NULL,
    loaded_at   timestamptz NOT NULL,
    CONSTRAINT inventory_levels_pkey PRIMARY KEY (product_key),
    CONSTRAINT inventory_levels_on_hand CHECK (on_hand >= 0)
) WITH (fillfactor = 70);

COMMENT ON TABLE warehouse.inventory_levels IS 'Current stock of every stock keeping unit.';
COMMENT ON COLUMN warehouse.inventory_levels.product_key IS 'platform:sku; references dim_product once it was ordered.';
COMMENT ON COLUMN warehouse.inventory_levels.platform IS 'Shop platform.';
COMMENT ON COLUMN warehouse.inventory_levels.sku IS 'Stock keeping unit.';
COMMENT ON COLUMN warehouse.inventory_levels.on_hand IS 'Units in stock, >= 0: the sum of its movements.';
COMMENT ON COLUMN warehouse.inventory_levels.reserved IS 'Units held by live reservations.';
COMMENT ON COLUMN warehouse.inventory_levels.owed IS 'Units sold or written off beyond stock, fulfilled first by what comes in.';
COMMENT ON COLUMN warehouse.inventory_levels.available IS 'max(0, on_hand - reserved - owed).';
COMMENT ON COLUMN warehouse.inventory_levels.version IS 'Grows with every change; the higher one holds.';
COMMENT ON COLUMN warehouse.inventory_levels.updated_at IS 'Event time of the last change.';
COMMENT ON COLUMN warehouse.inventory_levels.loaded_at IS 'Clock of the sink when it began to load the row''s batch.';

CREATE TABLE warehouse.inventory_movements (
    movement_id   text COLLATE "C" GENERATED ALWAYS AS (platform || '/' || sku || '/' || version::text) STORED,
    product_key   text COLLATE "C" NOT NULL,
    platform      text COLLATE "C" NOT NULL,
    sku           text COLLATE "C" NOT NULL,
    version       bigint NOT NULL,
    kind          text NOT NULL,
    quantity      int NOT NULL,
    on_hand_after bigint NOT NULL,
    reference     text NOT NULL,
    command_id    text NOT NULL,
    occurred_at   timestamptz NOT NULL,
    loaded_at     timestamptz NOT NULL,
    CONSTRAINT inventory_movements_pkey PRIMARY KEY (product_key, version),
    CONSTRAINT inventory_movements_on_hand CHECK (on_hand_after >= 0)
);

COMMENT ON TABLE warehouse.inventory_movements IS 'The stock ledger: on hand of a product is the sum of quantity over its movements, and never below zero after any of them.';
COMMENT ON COLUMN warehouse.inventory_movements.movement_id IS 'platform/sku/version: unique, as (product_key, version) is.';
COMMENT ON COLUMN warehouse.inventory_movements.product_key IS 'platform:sku; references inventory_levels.';
COMMENT ON COLUMN warehouse.inventory_movements.platform IS 'Shop platform.';
COMMENT ON COLUMN warehouse.inventory_movements.sku IS 'Stock keeping unit.';
COMMENT ON COLUMN warehouse.inventory_movements.version IS 'Number of the movement within the product, from 1 without gaps.';
COMMENT ON COLUMN warehouse.inventory_movements.kind IS 'receipt, adjustment, sale or return.';
COMMENT ON COLUMN warehouse.inventory_movements.quantity IS 'Change of on hand, signed, never 0.';
COMMENT ON COLUMN warehouse.inventory_movements.on_hand_after IS 'On hand after the movement.';
COMMENT ON COLUMN warehouse.inventory_movements.reference IS 'Order line, refund line, purchase order or adjustment that caused it.';
COMMENT ON COLUMN warehouse.inventory_movements.command_id IS 'Command that caused it.';
COMMENT ON COLUMN warehouse.inventory_movements.occurred_at IS 'Event time of the command.';
COMMENT ON COLUMN warehouse.inventory_movements.loaded_at IS 'Clock of the sink when it began to load the row''s batch.';
