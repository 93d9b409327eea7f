global using InputRecord = Confluent.Kafka.ConsumeResult<byte[]?, byte[]?>;
