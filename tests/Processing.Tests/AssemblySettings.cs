global using InputRecord = Confluent.Kafka.ConsumeResult<byte[]?, byte[]?>;
using Xunit.Sdk;
using Xunit.v3;

// The tests stop, kill and starve processes on purpose; side by side they would starve each other.
[assembly: Parallelization(Mode = ParallelMode.None)]
