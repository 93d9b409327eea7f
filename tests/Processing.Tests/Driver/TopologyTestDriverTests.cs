using System.Text;
using Commerce.Streaming.Processing.Testing;

namespace Commerce.Streaming.Processing.Tests.Driver;

public sealed class TopologyTestDriverTests
{
    private readonly CountingTopology _counting = new("driver.count");
    private readonly TopologyTestDriver _driver;

    public TopologyTestDriverTests() => _driver = new TopologyTestDriver(_counting.Build());

    [Fact]
    public void Records_of_a_key_are_counted_in_order()
    {
        _driver.PipeIn(_counting.Input, "a", Tally.Of(1));
        _driver.PipeIn(_counting.Input, "b", Tally.Of(5));
        _driver.PipeIn(_counting.Input, "a", Tally.Of(2));

        _driver.Read(_counting.Output).Select(record => (record.Key, record.Value!.Count)).ShouldBe([("a", 1), ("b", 5), ("a", 3)]);
        _driver.Read(_counting.Output).ShouldBeEmpty();
        _driver.State(_counting.Counts)["a"].Count.ShouldBe(3);
    }

    [Fact]
    public void Effects_are_outputs_then_state_then_the_offset()
    {
        _driver.PipeIn(_counting.Input, "a", Tally.Of(1));

        var partition = _driver.All(_counting.Output)[0].Partition;
        _driver.Effects.ShouldBe(
        [
            new Effect.Sent(_counting.Output.Name, "a"),
            new Effect.StateWritten("counts", "a", Deleted: false),
            new Effect.OffsetCommitted(_counting.Input.Name, partition, 1),
        ]);
    }

    [Fact]
    public void Poison_is_undone_and_becomes_a_dead_letter_with_its_offset()
    {
        _driver.PipeIn(_counting.Input, "a", Tally.Of(1));
        _driver.PipeIn(_counting.Input, "a", Tally.Of(100, CountingTopology.Poison));
        _driver.PipeIn(_counting.Input, "a", Tally.Of(2));

        _driver.Read(_counting.Output).Select(record => record.Value!.Count).ShouldBe([1, 3]);
        var letter = _driver.DeadLetters.ShouldHaveSingleItem();
        letter.Reason.ShouldBe(DeadLetterReasons.Handler);
        letter.Topic.ShouldBe(_counting.Input.Name);
        letter.Offset.ShouldBe(1);
        letter.Error.ShouldStartWith("System.InvalidOperationException at ");
        letter.Error.ShouldNotContain("poison");
        Encoding.UTF8.GetString(letter.Key!).ShouldBe("a");
        letter.Value.ShouldNotBeNull();
    }

    [Fact]
    public void Bytes_that_are_not_avro_become_dead_letters_and_the_next_record_is_processed()
    {
        _driver.PipeInRaw(_counting.Input, "a"u8.ToArray(), [1, 2, 3]);
        _driver.PipeInRaw(_counting.Input, "a"u8.ToArray(), [0, 0, 0, 0, 9, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255]);
        _driver.PipeInRaw(_counting.Input, key: null, [0, 0, 0, 0, 9]);
        _driver.PipeInRaw(_counting.Input, [0xff, 0xfe], [0, 0, 0, 0, 9]);
        _driver.PipeInDeletion(_counting.Input, "a");
        _driver.PipeIn(_counting.Input, "a", Tally.Of(7));

        _driver.DeadLetters.Select(letter => letter.Reason).ShouldBe(
        [
            DeadLetterReasons.Deserialization, DeadLetterReasons.Deserialization, DeadLetterReasons.MalformedKey,
            DeadLetterReasons.MalformedKey, DeadLetterReasons.UnexpectedDeletion,
        ]);
        _driver.DeadLetters[1].SchemaId.ShouldBe(9);
        _driver.Read(_counting.Output).ShouldHaveSingleItem().Value!.Count.ShouldBe(7);
    }

    [Fact]
    public void State_survives_a_restart()
    {
        _driver.PipeIn(_counting.Input, "a", Tally.Of(1));
        _driver.Restart();
        _driver.PipeIn(_counting.Input, "a", Tally.Of(1));

        _driver.Read(_counting.Output).Select(record => record.Value!.Count).ShouldBe([1, 2]);
    }
}
