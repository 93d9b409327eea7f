// Confluent's client for Node, as it comes: node client.mjs URL. Ends with 0 when everything is as with Confluent's own registry.
import assert from 'node:assert/strict';
import { AvroDeserializer, AvroSerializer, Compatibility, SchemaRegistryClient, SerdeType } from '@confluentinc/schemaregistry';

const client = () => new SchemaRegistryClient({ baseURLs: [process.argv[2]] });
const registry = client();
const order = (...more) => JSON.stringify({ type: 'record', name: 'Order', namespace: 'shop', fields: [{ name: 'id', type: 'string' }, ...more] });
const note = { name: 'note', type: ['null', 'string'], default: null };
const refused = async (call, code) => assert.equal((await call.then(() => ({}), (e) => e)).errorCode, code);

// Serdes: registered on the way, written and read.
const writer = new AvroSerializer(registry, SerdeType.VALUE, { autoRegisterSchemas: false, useLatestVersion: true });
const first = await registry.register('orders-value', { schema: order(), schemaType: 'AVRO' });
const bytes = await writer.serialize('orders', { id: 'o-1' });
assert.equal(bytes.readInt32BE(1), first);
assert.equal((await new AvroDeserializer(client(), SerdeType.VALUE, {}).deserialize('orders', bytes)).id, 'o-1');

// Another layout is the same schema; a compatible one is the next version, and reads the older bytes.
assert.equal(await registry.register('orders-value', { schema: JSON.stringify(JSON.parse(order()), null, 2), schemaType: 'AVRO' }), first);
const second = await registry.register('orders-value', { schema: order(note), schemaType: 'AVRO' });
assert.ok(second > first);
assert.deepEqual(await registry.getAllVersions('orders-value'), [1, 2]);
assert.equal((await new AvroDeserializer(client(), SerdeType.VALUE, { useLatestVersion: true }).deserialize('orders', bytes)).note, null);

// Compatibility, levels, refusals.
const broken = { schema: order({ name: 'total', type: 'double' }), schemaType: 'AVRO' };
assert.equal(await registry.testCompatibility('orders-value', 2, { schema: order(note), schemaType: 'AVRO' }), true);
assert.equal(await registry.testSubjectCompatibility('orders-value', broken), false);
await refused(registry.register('orders-value', broken), 409);
assert.equal(await registry.updateCompatibility('orders-value', Compatibility.NONE), Compatibility.NONE);
assert.equal(await registry.getCompatibility('orders-value'), Compatibility.NONE);
await registry.register('orders-value', broken);
await refused(client().getBySubjectAndId('orders-value', 4711), 40403);
await refused(client().getLatestSchemaMetadata('nobody'), 40401);
await refused(client().getSchemaMetadata('orders-value', 9), 40402);
await refused(client().register('bad-value', { schema: '{"type":"nothing"}', schemaType: 'AVRO' }), 42201);

// Deleted in two steps.
assert.deepEqual(await registry.deleteSubjectVersion('orders-value', 3), 3);
assert.deepEqual(await client().getAllVersions('orders-value'), [1, 2]);
assert.deepEqual(await registry.deleteSubject('orders-value'), [1, 2]);
assert.ok(!(await client().getAllSubjects()).includes('orders-value'));
