// Prints orders from commerce.orders.completed.v1, one a line: `eval "$(./commerce env)" && node read-orders.mjs [COUNT]`.
import { Kafka, logLevel } from 'kafkajs';
import { AvroDeserializer, SchemaRegistryClient, SerdeType } from '@confluentinc/schemaregistry';

const topic = 'commerce.orders.completed.v1';
const wanted = Number(process.argv[2] ?? 10);
const registry = new SchemaRegistryClient({ baseURLs: [process.env.SCHEMA_REGISTRY_URL] });
const avro = new AvroDeserializer(registry, SerdeType.VALUE, {});
const kafka = new Kafka({ clientId: 'orders-reader', brokers: process.env.KAFKA_BOOTSTRAP.split(','), logLevel: logLevel.ERROR });
// readUncommitted defaults to false: records of aborted transactions are never seen.
const consumer = kafka.consumer({ groupId: `orders-reader-${process.pid}` });

// Avro decimals arrive as big-endian two's complement bytes; these amounts have four digits after the point.
const amount = (bytes) => Number(BigInt.asIntN(64, BigInt('0x' + Buffer.from(bytes).toString('hex').padStart(16, bytes[0] & 0x80 ? 'f' : '0')))) / 1e4;

let seen = 0;
await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });
await consumer.run({
  eachMessage: async ({ message }) => {
    if (seen >= wanted) return;
    const { order, source, profileId } = await avro.deserialize(topic, message.value);
    console.log(`${source.platform} ${order.orderId}: ${amount(order.revenue)} ${order.currency}, ${order.lines.length} lines, ${profileId}`);
    if (++seen === wanted) setImmediate(() => consumer.disconnect());
  },
});
