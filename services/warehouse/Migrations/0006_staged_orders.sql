-- The order leads the key: all statements of an order come by one partition, so the sink that owns it knows whether they are new.
ALTER TABLE warehouse.staged_orders DROP CONSTRAINT staged_orders_pkey;
ALTER TABLE warehouse.staged_orders ADD CONSTRAINT staged_orders_pkey PRIMARY KEY (order_key, source, message_id);
