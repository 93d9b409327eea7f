using Confluent.Kafka;

namespace Commerce.Streaming.LocalBroker.Tests;

public sealed class GroupTests
{
    [Fact]
    public async Task A_restart_of_the_broker_keeps_members_generation_and_offsets()
    {
        var directory = TestBroker.NewDirectory();
        var port = 0;
        string before;
        await using (var broker = await TestBroker.StartAsync(directory, keepFolder: true))
        {
            port = broker.Server.Port;
            await Fill(broker, "kept", 3);
            using var consumer = broker.Consumer("g");
            consumer.Subscribe("kept");
            consumer.Commit(consumer.Consume(TimeSpan.FromSeconds(10)));
            before = consumer.MemberId;
        }

        await using var again = await TestBroker.StartAsync(directory, options => options with { Port = port });
        using var admin = again.Admin();
        var group = admin.ListGroup("g", TimeSpan.FromSeconds(10));
        group.Members.ShouldHaveSingleItem().MemberId.ShouldBe(before);
        using var reader = again.Consumer("g");
        reader.Committed([new TopicPartition("kept", 0)], TimeSpan.FromSeconds(10))[0].Offset.Value.ShouldBe(1);
    }

    private static async Task Fill(TestBroker broker, string topic, int records)
    {
        await broker.CreateAsync(topic);
        using var producer = broker.Producer();
        for (var i = 0; i < records; i++)
            await producer.ProduceAsync(topic, new Message<string, string> { Key = $"{i}", Value = $"{i}" }, TestBroker.Ended);
    }
}
