global using Commerce.Streaming.Processing;
global using InputRecord = Confluent.Kafka.ConsumeResult<byte[]?, byte[]?>;
