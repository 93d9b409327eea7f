CREATE TABLE warehouse.agg_daily_summary (
    date             date NOT NULL,
    platform         text COLLATE "C" NOT NULL,
    orders           bigint NOT NULL,
    revenue          numeric(19,4) NOT NULL,
    avg_order_value  numeric(19,4) NOT NULL,
    unique_customers bigint NOT NULL,
    items_sold       bigint NOT NULL,
    total_discounts  numeric(19,4) NOT NULL,
    currency         text,
    loaded_at        timestamptz NOT NULL,
    CONSTRAINT agg_daily_summary_pkey PRIMARY KEY (date, platform)
) WITH (fillfactor = 80);

COMMENT ON TABLE warehouse.agg_daily_summary IS 'One row per platform and shop''s own day that has orders, recomputed from fact_orders.';
COMMENT ON COLUMN warehouse.agg_daily_summary.date IS 'Shop''s own date of the orders.';
COMMENT ON COLUMN warehouse.agg_daily_summary.platform IS 'Shop platform.';
COMMENT ON COLUMN warehouse.agg_daily_summary.orders IS 'Number of orders.';
COMMENT ON COLUMN warehouse.agg_daily_summary.revenue IS 'Sum of net_revenue of the day''s orders: a refund lowers the day of its order.';
COMMENT ON COLUMN warehouse.agg_daily_summary.avg_order_value IS 'revenue / orders.';
COMMENT ON COLUMN warehouse.agg_daily_summary.unique_customers IS 'Number of different customers that ordered.';
COMMENT ON COLUMN warehouse.agg_daily_summary.items_sold IS 'Units.';
COMMENT ON COLUMN warehouse.agg_daily_summary.total_discounts IS 'Sum of discount.';
COMMENT ON COLUMN warehouse.agg_daily_summary.currency IS 'ISO 4217 code of the amounts; null when the day''s orders have several, whose amounts are then added as they are.';
COMMENT ON COLUMN warehouse.agg_daily_summary.loaded_at IS 'Clock of the sink when it began to load the batch that changed the row.';

CREATE TABLE warehouse.agg_weekly_trends (
    week_start         date NOT NULL,
    platform           text COLLATE "C" NOT NULL,
    revenue            numeric(19,4) NOT NULL,
    orders             bigint NOT NULL,
    aov                numeric(19,4) NOT NULL,
    customers          bigint NOT NULL,
    prev_revenue       numeric(19,4),
    prev_orders        bigint,
    revenue_change_pct numeric(19,4),
    order_change_pct   numeric(19,4),
    currency           text,
    loaded_at          timestamptz NOT NULL,
    CONSTRAINT agg_weekly_trends_pkey PRIMARY KEY (week_start, platform)
) WITH (fillfactor = 80);

COMMENT ON TABLE warehouse.agg_weekly_trends IS 'One row per platform and ISO week (Monday to Sunday) that has orders, recomputed from fact_orders, beside the calendar week before.';
COMMENT ON COLUMN warehouse.agg_weekly_trends.week_start IS 'Monday of the week.';
COMMENT ON COLUMN warehouse.agg_weekly_trends.platform IS 'Shop platform.';
COMMENT ON COLUMN warehouse.agg_weekly_trends.revenue IS 'Sum of net_revenue of the week''s orders.';
COMMENT ON COLUMN warehouse.agg_weekly_trends.orders IS 'Number of orders.';
COMMENT ON COLUMN warehouse.agg_weekly_trends.aov IS 'revenue / orders.';
COMMENT ON COLUMN warehouse.agg_weekly_trends.customers IS 'Number of different customers that ordered.';
COMMENT ON COLUMN warehouse.agg_weekly_trends.prev_revenue IS 'revenue of the calendar week before: 0 when it had no orders, null in the platform''s first week, which has nothing before it.';
COMMENT ON COLUMN warehouse.agg_weekly_trends.prev_orders IS 'orders of the calendar week before: 0 when it had none, null in the platform''s first week.';
COMMENT ON COLUMN warehouse.agg_weekly_trends.revenue_change_pct IS '100 * (revenue - prev_revenue) / prev_revenue; null when prev_revenue is null or 0.';
COMMENT ON COLUMN warehouse.agg_weekly_trends.order_change_pct IS '100 * (orders - prev_orders) / prev_orders; null when prev_orders is null or 0.';
COMMENT ON COLUMN warehouse.agg_weekly_trends.currency IS 'ISO 4217 code of the amounts; null when the week''s orders have several.';
COMMENT ON COLUMN warehouse.agg_weekly_trends.loaded_at IS 'Clock of the sink when it began to load the batch that changed the row.';

CREATE TABLE warehouse.sink_stale_days (
    platform text COLLATE "C" NOT NULL,
    date_key int NOT NULL,
    CONSTRAINT sink_stale_days_pkey PRIMARY KEY (platform, date_key)
);

COMMENT ON TABLE warehouse.sink_stale_days IS 'Days whose aggregates the sink has put off: recomputing takes a bounded share of its time. Empty when it keeps up.';
COMMENT ON COLUMN warehouse.sink_stale_days.platform IS 'Shop platform.';
COMMENT ON COLUMN warehouse.sink_stale_days.date_key IS 'Shop''s own date, yyyymmdd.';
