-- Keys are natural keys as text, compared byte by byte (COLLATE "C"): faster than a language's order, and the same on every server.
-- Facts have no foreign keys: they arrive from independent topics in any order.

CREATE TABLE warehouse.fact_orders (
    order_key    text COLLATE "C" NOT NULL,
    order_id     text NOT NULL,
    platform     text COLLATE "C" NOT NULL,
    date_key     int NOT NULL,
    customer_key text COLLATE "C" NOT NULL,
    currency     text NOT NULL,
    revenue      numeric(19,4) NOT NULL,
    tax          numeric(19,4) NOT NULL,
    shipping     numeric(19,4) NOT NULL,
    discount     numeric(19,4) NOT NULL,
    refunded     numeric(19,4) NOT NULL DEFAULT 0,
    net_revenue  numeric(19,4) GENERATED ALWAYS AS (revenue - refunded) STORED,
    item_count   bigint NOT NULL,
    line_count   int NOT NULL,
    coupon       text,
    source       text NOT NULL,
    message_id   text NOT NULL,
    ordered_at   timestamptz NOT NULL,
    received_at  timestamptz NOT NULL,
    loaded_at    timestamptz NOT NULL,
    CONSTRAINT fact_orders_pkey PRIMARY KEY (order_key)
) WITH (fillfactor = 90);
CREATE INDEX fact_orders_day ON warehouse.fact_orders (platform, date_key);
CREATE INDEX fact_orders_customer ON warehouse.fact_orders (customer_key);

COMMENT ON TABLE warehouse.fact_orders IS 'One row per completed order. When an order is stated again, the first statement holds; staged_orders has all.';
COMMENT ON COLUMN warehouse.fact_orders.order_key IS 'platform:order_id.';
COMMENT ON COLUMN warehouse.fact_orders.order_id IS 'Order id on the platform.';
COMMENT ON COLUMN warehouse.fact_orders.platform IS 'Shop platform that order, product and user ids belong to.';
COMMENT ON COLUMN warehouse.fact_orders.date_key IS 'Shop''s own date of the order (time zone of its source), yyyymmdd; references dim_date.';
COMMENT ON COLUMN warehouse.fact_orders.customer_key IS 'Profile of the buyer, merges applied; references dim_customer.';
COMMENT ON COLUMN warehouse.fact_orders.currency IS 'ISO 4217 code of every amount in the row.';
COMMENT ON COLUMN warehouse.fact_orders.revenue IS 'What the customer owes: discounts taken off, shipping and tax included.';
COMMENT ON COLUMN warehouse.fact_orders.tax IS 'Tax contained in revenue.';
COMMENT ON COLUMN warehouse.fact_orders.shipping IS 'Shipping contained in revenue.';
COMMENT ON COLUMN warehouse.fact_orders.discount IS 'All discounts of the order, lines included.';
COMMENT ON COLUMN warehouse.fact_orders.refunded IS 'Sum of the refunds in fact_refunds that name this order, in its currency.';
COMMENT ON COLUMN warehouse.fact_orders.net_revenue IS 'revenue - refunded.';
COMMENT ON COLUMN warehouse.fact_orders.item_count IS 'Units: sum of the lines'' quantities.';
COMMENT ON COLUMN warehouse.fact_orders.line_count IS 'Number of lines.';
COMMENT ON COLUMN warehouse.fact_orders.coupon IS 'Coupon code, if any.';
COMMENT ON COLUMN warehouse.fact_orders.source IS 'Source that sent the order.';
COMMENT ON COLUMN warehouse.fact_orders.message_id IS 'Message that carried the statement that holds.';
COMMENT ON COLUMN warehouse.fact_orders.ordered_at IS 'Event time of the order.';
COMMENT ON COLUMN warehouse.fact_orders.received_at IS 'When the collection API accepted it.';
COMMENT ON COLUMN warehouse.fact_orders.loaded_at IS 'Clock of the sink when it began to load the row''s batch.';

CREATE TABLE warehouse.fact_order_items (
    item_key    text COLLATE "C" GENERATED ALWAYS AS (order_key || ':' || line::text) STORED,
    order_key   text COLLATE "C" NOT NULL,
    product_key text COLLATE "C" NOT NULL,
    quantity    int NOT NULL,
    price       numeric(19,4) NOT NULL,
    discount    numeric(19,4) NOT NULL,
    line        int NOT NULL,
    stocked     boolean NOT NULL,
    loaded_at   timestamptz NOT NULL,
    CONSTRAINT fact_order_items_pkey PRIMARY KEY (order_key, line)
);

COMMENT ON TABLE warehouse.fact_order_items IS 'One row per line of an order in fact_orders.';
COMMENT ON COLUMN warehouse.fact_order_items.item_key IS 'order_key:line.';
COMMENT ON COLUMN warehouse.fact_order_items.order_key IS 'Order; references fact_orders.';
COMMENT ON COLUMN warehouse.fact_order_items.product_key IS 'platform:sku; references dim_product.';
COMMENT ON COLUMN warehouse.fact_order_items.quantity IS 'Units.';
COMMENT ON COLUMN warehouse.fact_order_items.price IS 'Unit price in the order''s currency.';
COMMENT ON COLUMN warehouse.fact_order_items.discount IS 'Discount on the whole line.';
COMMENT ON COLUMN warehouse.fact_order_items.line IS 'Line number within the order, from 1. Two lines may name the same product.';
COMMENT ON COLUMN warehouse.fact_order_items.stocked IS 'False for what has no stock: postage, fees, gift vouchers.';
COMMENT ON COLUMN warehouse.fact_order_items.loaded_at IS 'Clock of the sink when it began to load the row''s batch.';

CREATE TABLE warehouse.fact_refunds (
    refund_key   text COLLATE "C" NOT NULL,
    refund_id    text NOT NULL,
    order_key    text COLLATE "C",
    date_key     int NOT NULL,
    customer_key text COLLATE "C" NOT NULL,
    amount       numeric(19,4) NOT NULL,
    platform     text COLLATE "C" NOT NULL,
    currency     text NOT NULL,
    source       text NOT NULL,
    message_id   text NOT NULL,
    refunded_at  timestamptz NOT NULL,
    received_at  timestamptz NOT NULL,
    loaded_at    timestamptz NOT NULL,
    CONSTRAINT fact_refunds_pkey PRIMARY KEY (refund_key)
);
CREATE INDEX fact_refunds_order ON warehouse.fact_refunds (order_key) WHERE order_key IS NOT NULL;
CREATE INDEX fact_refunds_customer ON warehouse.fact_refunds (customer_key);

COMMENT ON TABLE warehouse.fact_refunds IS 'One row per refund and order that it refunds; stated again, the first statement holds. A refund may arrive before its order.';
COMMENT ON COLUMN warehouse.fact_refunds.refund_key IS 'platform:refund_id:order_id, or platform:refund_id:- without an order.';
COMMENT ON COLUMN warehouse.fact_refunds.refund_id IS 'Refund id on the platform; one refund may touch several orders.';
COMMENT ON COLUMN warehouse.fact_refunds.order_key IS 'Refunded order; null when it cannot be named. References fact_orders.';
COMMENT ON COLUMN warehouse.fact_refunds.date_key IS 'Shop''s own date of the refund, yyyymmdd; references dim_date.';
COMMENT ON COLUMN warehouse.fact_refunds.customer_key IS 'Profile that got the money, merges applied; references dim_customer.';
COMMENT ON COLUMN warehouse.fact_refunds.amount IS 'Amount given back, >= 0.';
COMMENT ON COLUMN warehouse.fact_refunds.platform IS 'Shop platform.';
COMMENT ON COLUMN warehouse.fact_refunds.currency IS 'ISO 4217 code of amount.';
COMMENT ON COLUMN warehouse.fact_refunds.source IS 'Source that sent the refund.';
COMMENT ON COLUMN warehouse.fact_refunds.message_id IS 'Message that carried the statement that holds.';
COMMENT ON COLUMN warehouse.fact_refunds.refunded_at IS 'Event time of the refund.';
COMMENT ON COLUMN warehouse.fact_refunds.received_at IS 'When the collection API accepted it.';
COMMENT ON COLUMN warehouse.fact_refunds.loaded_at IS 'Clock of the sink when it began to load the row''s batch.';

CREATE TABLE warehouse.fact_attribution (
    order_key  text COLLATE "C" NOT NULL,
    model      text COLLATE "C" NOT NULL,
    touch      text COLLATE "C" NOT NULL,
    channel    text NOT NULL,
    credit     numeric(19,4) NOT NULL,
    campaign   text,
    touched_at timestamptz,
    currency   text NOT NULL,
    version    bigint NOT NULL,
    loaded_at  timestamptz NOT NULL,
    CONSTRAINT fact_attribution_pkey PRIMARY KEY (order_key, model, touch)
);

COMMENT ON TABLE warehouse.fact_attribution IS 'Credit of each touch for each order and model; the credits of one order and model sum to its net_revenue.';
COMMENT ON COLUMN warehouse.fact_attribution.order_key IS 'Order; references fact_orders.';
COMMENT ON COLUMN warehouse.fact_attribution.model IS 'last_touch, linear, position_based or time_decay.';
COMMENT ON COLUMN warehouse.fact_attribution.touch IS 'Message id of the visit; (none) when no touch may have the credit.';
COMMENT ON COLUMN warehouse.fact_attribution.channel IS 'Channel of the touch; direct or unconsented without one.';
COMMENT ON COLUMN warehouse.fact_attribution.credit IS 'Share of the order''s net revenue.';
COMMENT ON COLUMN warehouse.fact_attribution.campaign IS 'Campaign name, if any.';
COMMENT ON COLUMN warehouse.fact_attribution.touched_at IS 'Event time of the touch.';
COMMENT ON COLUMN warehouse.fact_attribution.currency IS 'ISO 4217 code of credit.';
COMMENT ON COLUMN warehouse.fact_attribution.version IS 'Version of the statement of this order''s credits; a higher one replaces all rows of the order.';
COMMENT ON COLUMN warehouse.fact_attribution.loaded_at IS 'Clock of the sink when it began to load the row''s batch.';

CREATE TABLE warehouse.staged_orders (
    order_key       text COLLATE "C" NOT NULL,
    order_id        text NOT NULL,
    platform        text COLLATE "C" NOT NULL,
    source          text COLLATE "C" NOT NULL,
    message_id      text COLLATE "C" NOT NULL,
    profile_id      text NOT NULL,
    user_id         text,
    currency        text NOT NULL,
    revenue         numeric(19,4) NOT NULL,
    tax             numeric(19,4) NOT NULL,
    shipping        numeric(19,4) NOT NULL,
    discount        numeric(19,4) NOT NULL,
    coupon          text,
    item_count      bigint NOT NULL,
    line_count      int NOT NULL,
    analytics       boolean NOT NULL,
    advertising     boolean NOT NULL,
    personalization boolean NOT NULL,
    ordered_at      timestamptz NOT NULL,
    received_at     timestamptz NOT NULL,
    log_partition   int NOT NULL,
    log_offset      bigint NOT NULL,
    loaded_at       timestamptz NOT NULL,
    CONSTRAINT staged_orders_pkey PRIMARY KEY (source, message_id)
);

COMMENT ON TABLE warehouse.staged_orders IS 'Every statement of an order as it came, with its place in the log; fact_orders holds the first of each order.';
COMMENT ON COLUMN warehouse.staged_orders.order_key IS 'platform:order_id; references fact_orders.';
COMMENT ON COLUMN warehouse.staged_orders.order_id IS 'Order id on the platform.';
COMMENT ON COLUMN warehouse.staged_orders.platform IS 'Shop platform.';
COMMENT ON COLUMN warehouse.staged_orders.source IS 'Source that sent it.';
COMMENT ON COLUMN warehouse.staged_orders.message_id IS 'Message that carried it, unique within the source.';
COMMENT ON COLUMN warehouse.staged_orders.profile_id IS 'Profile when the event was resolved; later merges are not applied here.';
COMMENT ON COLUMN warehouse.staged_orders.user_id IS 'Shop''s own user id, a pseudonym where the shop uses e-mail addresses; null for guests.';
COMMENT ON COLUMN warehouse.staged_orders.currency IS 'ISO 4217 code of every amount in the row.';
COMMENT ON COLUMN warehouse.staged_orders.revenue IS 'What the customer owes: discounts taken off, shipping and tax included.';
COMMENT ON COLUMN warehouse.staged_orders.tax IS 'Tax contained in revenue.';
COMMENT ON COLUMN warehouse.staged_orders.shipping IS 'Shipping contained in revenue.';
COMMENT ON COLUMN warehouse.staged_orders.discount IS 'All discounts of the order, lines included.';
COMMENT ON COLUMN warehouse.staged_orders.coupon IS 'Coupon code, if any.';
COMMENT ON COLUMN warehouse.staged_orders.item_count IS 'Units.';
COMMENT ON COLUMN warehouse.staged_orders.line_count IS 'Number of lines.';
COMMENT ON COLUMN warehouse.staged_orders.analytics IS 'Consent to measurement when it was captured.';
COMMENT ON COLUMN warehouse.staged_orders.advertising IS 'Consent to advertising when it was captured.';
COMMENT ON COLUMN warehouse.staged_orders.personalization IS 'Consent to personalisation when it was captured.';
COMMENT ON COLUMN warehouse.staged_orders.ordered_at IS 'Event time of the order.';
COMMENT ON COLUMN warehouse.staged_orders.received_at IS 'When the collection API accepted it.';
COMMENT ON COLUMN warehouse.staged_orders.log_partition IS 'Partition of commerce.orders.completed.v1 that it came from.';
COMMENT ON COLUMN warehouse.staged_orders.log_offset IS 'Offset in that partition.';
COMMENT ON COLUMN warehouse.staged_orders.loaded_at IS 'Clock of the sink when it began to load the row''s batch.';
