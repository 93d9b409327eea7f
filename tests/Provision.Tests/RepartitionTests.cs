using System.Text;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Provision.Repartition;
using Commerce.Streaming.Testing;
using Confluent.Kafka;
using Npgsql;

namespace Commerce.Streaming.Provision.Tests;

/// <summary>The command on a real broker: on the embedded one, or on Apache Kafka where the environment names it.</summary>
[Collection(GrowingPlatform.Alone)]
public sealed class RepartitionTests(KafkaFixture kafka, PostgresFixture postgres)
{
    [Fact]
    public async Task Killed_before_each_of_its_steps_it_ends_with_every_entry_where_it_belongs()
    {
        var database = await WarehouseAsync();
        await using var platform = new GrowingPlatform(kafka, database);
        await platform.FillAsync();
        var before = platform.Compacted.ToDictionary(topic => topic.Name, platform.EntriesOf);
        await platform.RunAsync(2, apply: false);
        platform.Topics()[platform.Table.Name].Partitions.ShouldBe(GrowingPlatform.Base, "a plan changes nothing");
        platform.Topics().ShouldNotContainKey(Repartitioning.Journal);

        var killed = new HashSet<string>();
        // Of one topic all steps, and all that are of no topic.
        platform.KilledBefore = step => (step.EndsWith(platform.Table.Name, StringComparison.Ordinal) || !step.EndsWith(".v1", StringComparison.Ordinal)) && killed.Add(step);
        for (var isDone = false; !isDone;)
        {
            try
            {
                await platform.RunAsync(2);
                isDone = true;
            }
            catch (KilledException)
            {
                if (platform.Topics().ContainsKey(Repartitioning.Journal))
                    (await Should.ThrowAsync<RepartitionException>(() => platform.RunAsync(4))).Message.ShouldContain("is not finished");
            }
        }

        killed.Count.ShouldBe(12, string.Join(", ", killed));
        await AssertGrownAsync(platform, before, factor: 2);
        await AssertPositionsAsync(platform, database);
        platform.Said[^1].ShouldContain("Done");
    }

    [Fact]
    public async Task It_grows_again_and_then_there_is_nothing_to_do()
    {
        await using var platform = new GrowingPlatform(kafka);
        await platform.FillAsync();
        var before = platform.Compacted.ToDictionary(topic => topic.Name, platform.EntriesOf);
        await platform.RunAsync(2);
        await platform.RunAsync(6);
        await AssertGrownAsync(platform, before, factor: 6);

        await platform.RunAsync(6);
        platform.Said[^1].ShouldContain("nothing to do");
        (await Should.ThrowAsync<RepartitionException>(() => platform.RunAsync(3))).Message.ShouldContain("fewer");
        (await Should.ThrowAsync<RepartitionException>(() => platform.RunAsync(8))).Message.ShouldContain("whole multiples");
    }

    [Fact]
    public async Task What_was_only_copied_can_be_taken_back_and_what_was_changed_cannot()
    {
        await using var platform = new GrowingPlatform(kafka);
        await platform.FillAsync();
        var before = platform.Compacted.ToDictionary(topic => topic.Name, platform.EntriesOf);
        platform.KilledBefore = step => step == "changing";
        await Should.ThrowAsync<KilledException>(() => platform.RunAsync(2));
        platform.Topics().ShouldContainKey(platform.Table.Name + ".repartition");

        await platform.AbandonAsync();
        platform.Topics().Keys.ShouldNotContain(name => name.EndsWith(".repartition", StringComparison.Ordinal) || name == Repartitioning.Journal);
        foreach (var topic in platform.Catalogue)
            platform.Topics()[topic.Name].Partitions.ShouldBe(topic.Partitions);
        foreach (var topic in platform.Compacted)
            platform.EntriesOf(topic).ShouldBe(before[topic.Name]);

        platform.KilledBefore = step => step == $"grow {platform.Input.Name}";
        await Should.ThrowAsync<KilledException>(() => platform.RunAsync(2));
        (await Should.ThrowAsync<RepartitionException>(platform.AbandonAsync)).Message.ShouldContain("only be finished");
        platform.KilledBefore = _ => false;
        await platform.RunAsync(2);
        await AssertGrownAsync(platform, before, factor: 2);
    }

    [Fact]
    public async Task It_refuses_while_a_group_has_members_a_transaction_is_open_or_something_is_unread()
    {
        var database = await WarehouseAsync();
        await using var platform = new GrowingPlatform(kafka, database);
        await platform.FillAsync();
        using (var member = platform.Member())
        {
            member.Subscribe(platform.Input.Name);
            while (member.Assignment.Count == 0)
                member.Consume(TimeSpan.FromMilliseconds(100));
            await RefusesAsync(platform, platform.GroupId);
            member.Close();
        }

        using (var producer = platform.Transactional())
        {
            producer.InitTransactions(TimeSpan.FromSeconds(30));
            producer.BeginTransaction();
            await producer.ProduceAsync(platform.Input.Name, new Message<byte[], byte[]?> { Key = Encoding.UTF8.GetBytes("shop/1"), Value = [1] });
            await RefusesAsync(platform, "a transaction is open on " + platform.Input.Name);
            producer.CommitTransaction();
        }

        await RefusesAsync(platform, $"{platform.GroupId} has 1 records of {platform.Input.Name} to go");
        await RefusesAsync(platform, $"commerce.warehouse.sink has 1 records of {platform.Input.Name} to go");
        await platform.ReadAllAsync();
        await platform.RunAsync(2, apply: false);
    }

    [Fact]
    public async Task It_refuses_what_it_cannot_place_before_anything_is_changed()
    {
        await using var platform = new GrowingPlatform(kafka);
        await platform.FillAsync();
        var key = GrowingPlatform.RecordKey(1);
        var foreign = (Murmur2.PartitionOf(Encoding.UTF8.GetBytes(key), GrowingPlatform.Base) + 1) % GrowingPlatform.Base;
        platform.Put(platform.Parts, foreign, key + "|lost", "?");

        var message = await RefusesAsync(platform, $"1 entries of state are not where they should be");
        message.ShouldContain($"{platform.Parts.Name}, partition {foreign}");
        message.ShouldNotContain(key, customMessage: "keys may name people");
        platform.Topics().ShouldNotContainKey(Repartitioning.Journal);
    }

    [Fact]
    public async Task It_refuses_topics_that_disagree_or_are_missing()
    {
        await using var platform = new GrowingPlatform(kafka);
        await platform.FillAsync();
        using var admin = new AdminClientBuilder(kafka.ClientProperties).Build();
        await admin.CreatePartitionsAsync([new() { Topic = platform.Letters.Name, IncreaseTo = 6 }]);
        await RefusesAsync(platform, $"but not {platform.Letters.Name}");
        await admin.DeleteTopicsAsync([platform.Letters.Name]);
        await RefusesAsync(platform, $"topics are missing: {platform.Letters.Name}");
    }

    private static async Task<string> RefusesAsync(GrowingPlatform platform, string why)
    {
        var message = (await Should.ThrowAsync<RepartitionException>(() => platform.RunAsync(2, waitSeconds: 0))).Message;
        message.ShouldContain(why);
        platform.Topics()[platform.Table.Name].Partitions.ShouldBe(GrowingPlatform.Base);
        return message;
    }

    private static async Task AssertGrownAsync(GrowingPlatform platform, Dictionary<string, List<Entry>> before, int factor)
    {
        const int From = GrowingPlatform.Base;
        var to = From * factor;
        var found = platform.Topics();
        found.Keys.ShouldNotContain(name => name.EndsWith(".repartition", StringComparison.Ordinal) || name == Repartitioning.Journal);
        foreach (var topic in platform.Catalogue)
            found[topic.Name].Partitions.ShouldBe(topic.PartitionsAt(factor), topic.Name);
        foreach (var topic in platform.Compacted)
        {
            var expected = before[topic.Name].SelectMany(entry => HomesOf(topic == platform.Seen, entry).Select(home => entry with { Partition = home }));
            platform.EntriesOf(topic).ShouldBe(expected.OrderBy(entry => entry.Key, StringComparer.Ordinal).ThenBy(entry => entry.Partition).ToList(), topic.Name);
            var settings = await platform.SettingsAsync(topic);
            settings["cleanup.policy"].ShouldBe("compact");
            settings["segment.ms"].ShouldBe("21600000", "the catalogue's");
            settings["max.message.bytes"].ShouldBe("500000", "an operator's setting");
        }

        // What is read goes on where it was: old partitions at their offsets, new ones at their beginning, made ones at their end.
        platform.Committed(platform.Input, to).ShouldAllBe(at => at.Key.Partition.Value < From == at.Value.Value >= 0);
        foreach (var end in await platform.EndsAsync(platform.Table))
            platform.Committed(platform.Table, to)[end.TopicPartition].ShouldBe(end.Offset);

        IEnumerable<int> HomesOf(bool everywhere, Entry entry)
        {
            if (everywhere)
                return Enumerable.Range(0, factor).Select(step => entry.Partition + (step * From));
            // The record's key stands in the entry's, or, of a line, in its letter.
            var line = entry.Key.StartsWith("in/", StringComparison.Ordinal) ? GrowingPlatform.RecordKey(int.Parse(entry.Key.Split('/')[1], System.Globalization.CultureInfo.InvariantCulture)) : null;
            var record = line ?? entry.Key.Replace("end|", "", StringComparison.Ordinal).Split('|')[0];
            return [Murmur2.PartitionOf(Encoding.UTF8.GetBytes(record), to)];
        }
    }

    private static async Task AssertPositionsAsync(GrowingPlatform platform, string database)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand("SELECT topic, partition, next_offset FROM warehouse.sink_offsets ORDER BY 1, 2");
        var positions = new List<TopicPartitionOffset>();
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
            positions.Add(new TopicPartitionOffset(rows.GetString(0), rows.GetInt32(1), rows.GetInt64(2)));
        positions.Where(at => at.Topic == platform.Table.Name).ShouldBe((await platform.EndsAsync(platform.Table)).OrderBy(end => end.Partition.Value));
        positions.Count(at => at.Topic == platform.Input.Name).ShouldBe(GrowingPlatform.Base, "what only grew is read on from where it was");
    }

    private async Task<string> WarehouseAsync()
    {
        var address = PostgresFixture.ConnectionStringOf(await postgres.CreateDatabaseAsync("repartition"));
        await using var database = NpgsqlDataSource.Create(address);
        await using var create = database.CreateCommand("""
            CREATE TABLE warehouse.sink_offsets (consumer_group text NOT NULL, topic text NOT NULL, partition int NOT NULL, next_offset bigint NOT NULL,
                CONSTRAINT sink_offsets_pkey PRIMARY KEY (consumer_group, topic, partition))
            """);
        await create.ExecuteNonQueryAsync();
        return address;
    }
}
