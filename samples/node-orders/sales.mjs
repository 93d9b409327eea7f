// Sales by currency in a Postgres of your own, each order counted once: sums and offsets are one transaction.
import { Kafka, logLevel } from 'kafkajs';
import { AvroDeserializer, SchemaRegistryClient, SerdeType } from '@confluentinc/schemaregistry';
import pg from 'pg';

const topic = 'commerce.orders.completed.v1';
const kafka = new Kafka({ clientId: 'sales', brokers: process.env.KAFKA_BOOTSTRAP.split(','), logLevel: logLevel.ERROR });
// Each record comes as its writer's revision describes it: a newer one only brings fields that nobody here asks for.
const avro = new AvroDeserializer(new SchemaRegistryClient({ baseURLs: [process.env.SCHEMA_REGISTRY_URL] }), SerdeType.VALUE, {});
const letters = kafka.producer();
const consumer = kafka.consumer({ groupId: 'sales.node', sessionTimeout: 10_000 }); // kafkajs reads committed records only, unless told otherwise
const database = new pg.Client({ connectionString: process.env.SALES_DATABASE });
await Promise.all([database.connect(), letters.connect(), consumer.connect()]);
await database.query('CREATE TABLE IF NOT EXISTS sales (currency text PRIMARY KEY, orders int, revenue numeric); CREATE TABLE IF NOT EXISTS sales_offsets (part int PRIMARY KEY, next bigint)');

// A decimal is its unscaled value in two's complement, big end first; the schema says four digits after the point.
const amount = (bytes) => `${BigInt.asIntN(8 * bytes.length, BigInt('0x' + Buffer.from(bytes).toString('hex')))}e-4`;

async function once(partition, offset, order) {
  await database.query('BEGIN');
  // No row changes when the record was counted before, by us or by whoever had the partition while we were paused.
  const first = await database.query('INSERT INTO sales_offsets AS o VALUES ($1, $2) ON CONFLICT (part) DO UPDATE SET next = excluded.next WHERE o.next < excluded.next', [partition, (BigInt(offset) + 1n).toString()]);
  if (first.rowCount === 1 && order)
    await database.query('INSERT INTO sales AS s VALUES ($1, 1, $2) ON CONFLICT (currency) DO UPDATE SET orders = s.orders + 1, revenue = s.revenue + excluded.revenue', [order.currency, amount(order.revenue)]);
  await database.query('COMMIT');
}

await consumer.subscribe({ topic, fromBeginning: true });
await consumer.run({
  eachMessage: async ({ partition, message: { key, value, offset } }) => {
    const read = await avro.deserialize(topic, value).catch(async (bad) => {
      if (bad.isAxiosError || bad.status >= 500) throw bad; // a registry that is away is no reason to give a record up
      await letters.send({ topic: 'sales.dlq.v1', messages: [{ key, value, headers: { source: `${topic} [${partition}] @${offset} ${bad.name}` } }] });
    });
    await once(partition, offset, read?.order);
  },
});
