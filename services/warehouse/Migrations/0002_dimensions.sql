CREATE TABLE warehouse.dim_date (
    date_key    int NOT NULL,
    date        date NOT NULL,
    day_of_week text NOT NULL,
    day_number  int NOT NULL,
    week_number int NOT NULL,
    month       int NOT NULL,
    month_name  text NOT NULL,
    quarter     int NOT NULL,
    year        int NOT NULL,
    is_weekend  boolean NOT NULL,
    CONSTRAINT dim_date_pkey PRIMARY KEY (date_key),
    CONSTRAINT dim_date_date UNIQUE (date)
);

INSERT INTO warehouse.dim_date
SELECT to_char(day, 'YYYYMMDD')::int, day::date, to_char(day, 'FMDay'), extract(isodow FROM day)::int, extract(week FROM day)::int,
       extract(month FROM day)::int, to_char(day, 'FMMonth'), extract(quarter FROM day)::int, extract(year FROM day)::int, extract(isodow FROM day) > 5
FROM generate_series(timestamp '2000-01-01', timestamp '2059-12-31', interval '1 day') AS day;

COMMENT ON TABLE warehouse.dim_date IS 'Every day from 2000 to 2059.';
COMMENT ON COLUMN warehouse.dim_date.date_key IS 'yyyymmdd.';
COMMENT ON COLUMN warehouse.dim_date.date IS 'The day.';
COMMENT ON COLUMN warehouse.dim_date.day_of_week IS 'English name of the weekday.';
COMMENT ON COLUMN warehouse.dim_date.day_number IS 'Number of the weekday, ISO 8601: 1 Monday to 7 Sunday.';
COMMENT ON COLUMN warehouse.dim_date.week_number IS 'ISO 8601 week.';
COMMENT ON COLUMN warehouse.dim_date.month IS '1 to 12.';
COMMENT ON COLUMN warehouse.dim_date.month_name IS 'English name of the month.';
COMMENT ON COLUMN warehouse.dim_date.quarter IS '1 to 4.';
COMMENT ON COLUMN warehouse.dim_date.year IS 'Calendar year.';
COMMENT ON COLUMN warehouse.dim_date.is_weekend IS 'Saturday or Sunday.';

CREATE TABLE warehouse.dim_product (
    product_key    text COLLATE "C" NOT NULL,
    product_id     text NOT NULL,
    title          text COLLATE "C",
    category       text COLLATE "C",
    price          numeric(19,4) NOT NULL,
    platform       text COLLATE "C" NOT NULL,
    sku            text NOT NULL,
    currency       text NOT NULL,
    title_as_of    timestamptz NOT NULL,
    category_as_of timestamptz NOT NULL,
    price_as_of    timestamptz NOT NULL,
    loaded_at      timestamptz NOT NULL,
    CONSTRAINT dim_product_pkey PRIMARY KEY (product_key)
) WITH (fillfactor = 70);

COMMENT ON TABLE warehouse.dim_product IS 'One row per product that was ordered.';
COMMENT ON COLUMN warehouse.dim_product.product_key IS 'platform:sku.';
COMMENT ON COLUMN warehouse.dim_product.product_id IS 'Product id on the platform, as of price.';
COMMENT ON COLUMN warehouse.dim_product.title IS 'Latest title by event time; at the same instant the greatest.';
COMMENT ON COLUMN warehouse.dim_product.category IS 'Latest category by event time; at the same instant the greatest.';
COMMENT ON COLUMN warehouse.dim_product.price IS 'Current unit price: the latest positive one by event time, at the same instant the highest; 0 when it was only given away.';
COMMENT ON COLUMN warehouse.dim_product.platform IS 'Shop platform.';
COMMENT ON COLUMN warehouse.dim_product.sku IS 'Stock keeping unit.';
COMMENT ON COLUMN warehouse.dim_product.currency IS 'ISO 4217 code of price.';
COMMENT ON COLUMN warehouse.dim_product.title_as_of IS 'Event time of title; -infinity without one.';
COMMENT ON COLUMN warehouse.dim_product.category_as_of IS 'Event time of category; -infinity without one.';
COMMENT ON COLUMN warehouse.dim_product.price_as_of IS 'Event time of price; -infinity without a positive one.';
COMMENT ON COLUMN warehouse.dim_product.loaded_at IS 'Clock of the sink when it began to load the batch that changed the row.';

CREATE TABLE warehouse.dim_customer (
    customer_key    text COLLATE "C" NOT NULL,
    customer_id     text,
    profile_id      text NOT NULL,
    first_order     date,
    last_order      date,
    order_count     bigint NOT NULL,
    total_spent     numeric(19,4) NOT NULL,
    avg_order_value numeric(19,4),
    segment         text NOT NULL,
    currency        text,
    platform        text,
    loaded_at       timestamptz NOT NULL,
    CONSTRAINT dim_customer_pkey PRIMARY KEY (customer_key)
) WITH (fillfactor = 80);

COMMENT ON TABLE warehouse.dim_customer IS 'One row per profile that has identified itself, ordered or been refunded. Merged profiles are gone: their rows are the winner''s.';
COMMENT ON COLUMN warehouse.dim_customer.customer_key IS 'Profile id.';
COMMENT ON COLUMN warehouse.dim_customer.customer_id IS 'Shop''s own user id, the one seen first when there are several; null for guests.';
COMMENT ON COLUMN warehouse.dim_customer.profile_id IS 'Profile id.';
COMMENT ON COLUMN warehouse.dim_customer.first_order IS 'Shop''s own date of the first order.';
COMMENT ON COLUMN warehouse.dim_customer.last_order IS 'Shop''s own date of the last order.';
COMMENT ON COLUMN warehouse.dim_customer.order_count IS 'Number of orders.';
COMMENT ON COLUMN warehouse.dim_customer.total_spent IS 'Sum of revenue of the orders less all refunds, those that name no order included.';
COMMENT ON COLUMN warehouse.dim_customer.avg_order_value IS 'total_spent / order_count; null without orders.';
COMMENT ON COLUMN warehouse.dim_customer.segment IS 'By total_spent: low <= 50 < medium <= 200 < high <= 1000 < vip.';
COMMENT ON COLUMN warehouse.dim_customer.currency IS 'ISO 4217 code of the amounts; null when the customer paid in several, whose amounts are then added as they are.';
COMMENT ON COLUMN warehouse.dim_customer.platform IS 'Shop platform of customer_id.';
COMMENT ON COLUMN warehouse.dim_customer.loaded_at IS 'Clock of the sink when it began to load the batch that changed the row.';

CREATE TABLE warehouse.customer_identities (
    customer_key text COLLATE "C" NOT NULL,
    platform     text COLLATE "C" NOT NULL,
    user_id      text COLLATE "C" NOT NULL,
    first_seen   timestamptz NOT NULL,
    loaded_at    timestamptz NOT NULL,
    CONSTRAINT customer_identities_pkey PRIMARY KEY (customer_key, platform, user_id)
);

COMMENT ON TABLE warehouse.customer_identities IS 'How profiles have identified themselves; dim_customer.customer_id is chosen from it.';
COMMENT ON COLUMN warehouse.customer_identities.customer_key IS 'Profile id, merges applied.';
COMMENT ON COLUMN warehouse.customer_identities.platform IS 'Shop platform of the user id.';
COMMENT ON COLUMN warehouse.customer_identities.user_id IS 'Shop''s own user id; empty for an identification without one.';
COMMENT ON COLUMN warehouse.customer_identities.first_seen IS 'Event time at which it was seen first.';
COMMENT ON COLUMN warehouse.customer_identities.loaded_at IS 'Clock of the sink when it began to load the row''s batch.';

CREATE TABLE warehouse.profile_redirects (
    loser     text COLLATE "C" NOT NULL,
    winner    text COLLATE "C" NOT NULL,
    resolved  text COLLATE "C" NOT NULL,
    version   bigint NOT NULL,
    merged_at timestamptz NOT NULL,
    loaded_at timestamptz NOT NULL,
    CONSTRAINT profile_redirects_pkey PRIMARY KEY (loser)
);
CREATE INDEX profile_redirects_resolved ON warehouse.profile_redirects (resolved);

COMMENT ON TABLE warehouse.profile_redirects IS 'Profiles that were merged into others. Late facts of a loser land on the profile at the end of the chain.';
COMMENT ON COLUMN warehouse.profile_redirects.loser IS 'Profile that ceased to be.';
COMMENT ON COLUMN warehouse.profile_redirects.winner IS 'Profile that it was merged into.';
COMMENT ON COLUMN warehouse.profile_redirects.resolved IS 'Profile at the end of the chain of merges known so far.';
COMMENT ON COLUMN warehouse.profile_redirects.version IS 'Number of the decision; the higher one of a loser holds.';
COMMENT ON COLUMN warehouse.profile_redirects.merged_at IS 'Event time of the evidence.';
COMMENT ON COLUMN warehouse.profile_redirects.loaded_at IS 'Clock of the sink when it began to load the row''s batch.';
