"""Commits one transaction and aborts one, then prints what a group reads: BOOTSTRAP TOPIC GROUP."""
import sys

from kafka import KafkaConsumer, KafkaProducer

bootstrap, topic, group = sys.argv[1:]
producer = KafkaProducer(bootstrap_servers=bootstrap, transactional_id=group, acks="all")
producer.init_transactions()
for value in ("aborted", "committed"):
    producer.begin_transaction()
    for i in range(4):
        producer.send(topic, key=b"k%d" % i, value=value.encode())
    if value == "committed":
        producer.commit_transaction()
    else:
        producer.abort_transaction()
producer.close()

consumer = KafkaConsumer(
    topic, bootstrap_servers=bootstrap, group_id=group, auto_offset_reset="earliest",
    isolation_level="read_committed", consumer_timeout_ms=30000)
for left, record in zip(range(3, -1, -1), consumer):
    print(f"{record.key.decode()}={record.value.decode()}")
    if left == 0:
        break
consumer.close()
