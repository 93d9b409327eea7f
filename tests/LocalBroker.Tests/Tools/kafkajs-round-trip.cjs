// Commits one transaction and aborts one, then prints what a group reads: BOOTSTRAP TOPIC GROUP.
const { Kafka, logLevel } = require('kafkajs')

const [bootstrap, topic, group] = process.argv.slice(2)
const kafka = new Kafka({ clientId: 'round-trip', brokers: [bootstrap], logLevel: logLevel.ERROR })
const records = value => [0, 1, 2, 3].map(i => ({ key: `k${i}`, value }))

async function main() {
  const producer = kafka.producer({ transactionalId: group, idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  for (const value of ['aborted', 'committed']) {
    const transaction = await producer.transaction()
    await transaction.send({ topic, messages: records(value) })
    await (value === 'committed' ? transaction.commit() : transaction.abort())
  }
  await producer.disconnect()

  const consumer = kafka.consumer({ groupId: group })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  let left = 4
  await new Promise((resolve, reject) => {
    consumer.run({
      eachMessage: async ({ message }) => {
        console.log(`${message.key}=${message.value}`)
        if (--left === 0) resolve()
      },
    }).catch(reject)
  })
  await consumer.disconnect()
}

main().then(() => process.exit(0), error => { console.error(error); process.exit(1) })
