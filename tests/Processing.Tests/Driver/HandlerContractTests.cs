using Commerce.Streaming.Contracts;
using Commerce.Streaming.Processing.Testing;

namespace Commerce.Streaming.Processing.Tests.Driver;

/// <summary>What a handler may do, and what becomes of it when it does otherwise.</summary>
public sealed class HandlerContractTests
{
    private readonly Topic<Tally> _input = TestTopics.Tallies("contract.in", partitions: 1);
    private readonly Topic<Tally> _output = TestTopics.Tallies("contract.out", partitions: 1);
    private readonly Store<Tally> _store = new("store", TestTopics.Tallies("contract.store", partitions: 1, compact: true));

    [Fact]
    public void Sending_to_a_topic_that_is_not_declared_stops_the_topology()
    {
        var other = TestTopics.Tallies("contract.other");
        var driver = Driver((record, context) => context.Send(other, record.Key, record.Value));

        Should.Throw<TopologyException>(() => driver.PipeIn(_input, "a", Tally.Of(1))).Message.ShouldContain("contract.other");
    }

    [Fact]
    public void Using_a_store_that_is_not_declared_stops_the_topology()
    {
        var other = new Store<Tally>("other", TestTopics.Tallies("contract.other-store", compact: true));
        var driver = Driver((record, context) => context.Put(other, record.Key, record.Value));

        Should.Throw<TopologyException>(() => driver.PipeIn(_input, "a", Tally.Of(1)));
    }

    [Fact]
    public void A_context_kept_beyond_its_record_is_refused()
    {
        IProcessingContext? kept = null;
        var driver = Driver((_, context) => kept = context);
        driver.PipeIn(_input, "a", Tally.Of(1));

        Should.Throw<TopologyException>(() => kept!.Get(_store, "a"));
    }

    [Fact]
    public void State_that_its_schema_cannot_hold_makes_the_record_a_dead_letter()
    {
        var driver = Driver((record, context) => context.Put(_store, record.Key, record.Value.Count < 0 ? Tally.Of(1, note: null!) : record.Value));
        driver.PipeIn(_input, "a", Tally.Of(5));
        driver.PipeIn(_input, "a", Tally.Of(-1));
        driver.PipeIn(_input, "b", Tally.Of(6));

        driver.DeadLetters.ShouldHaveSingleItem().Reason.ShouldBe(DeadLetterReasons.Serialization);
        driver.State(_store).ToDictionary(entry => entry.Key, entry => entry.Value.Count).ShouldBe(new Dictionary<string, long> { ["a"] = 5, ["b"] = 6 });
    }

    [Fact]
    public void What_is_too_large_for_a_record_makes_its_input_a_dead_letter()
    {
        var driver = Driver((record, context) => context.Send(_output, record.Key, Tally.Of(1, new string('x', 2_000_000))));
        driver.PipeIn(_input, "a", Tally.Of(1));

        driver.DeadLetters.ShouldHaveSingleItem().Reason.ShouldBe(DeadLetterReasons.TooLarge);
        driver.All(_output).ShouldBeEmpty();
    }

    [Fact]
    public void A_value_changed_after_Put_does_not_change_the_state()
    {
        var driver = Driver((record, context) =>
        {
            var state = context.Get(_store, record.Key) ?? Tally.Of(0);
            context.Put(_store, record.Key, record.Value);
            state.Mutate(999);
        });
        driver.PipeIn(_input, "a", Tally.Of(1));
        driver.PipeIn(_input, "a", Tally.Of(2));

        driver.State(_store)["a"].Count.ShouldBe(2);
    }

    [Fact]
    public void A_range_lists_keys_of_a_prefix_in_order_and_as_of_the_call()
    {
        IReadOnlyList<string> keys = [];
        var driver = Driver((record, context) =>
        {
            if (record.Value.Note == "range")
                keys = [.. context.Range(_store, "p1|").Select(entry => entry.Key)];
            else if (record.Value.Note == "delete")
                context.Delete(_store, record.Key);
            else
                context.Put(_store, record.Key, record.Value);
        });
        foreach (var key in (string[])["p1|b", "p2|a", "p1|a", "p10|a", "p1"])
            driver.PipeIn(_input, key, Tally.Of(1));
        driver.PipeIn(_input, "x", Tally.Of(1, "range"));
        keys.ShouldBe(["p1|a", "p1|b"]);

        driver.PipeIn(_input, "p1|a", Tally.Of(1, "delete"));
        driver.PipeIn(_input, "p1|c", Tally.Of(1));
        driver.PipeIn(_input, "x", Tally.Of(1, "range"));
        keys.ShouldBe(["p1|b", "p1|c"]);
    }

    [Fact]
    public void Put_and_delete_in_one_record_leave_no_trace_in_the_changelog()
    {
        var driver = Driver((record, context) =>
        {
            context.Put(_store, record.Key, record.Value);
            context.Delete(_store, record.Key);
        });
        driver.PipeIn(_input, "a", Tally.Of(1));

        driver.Effects.OfType<Effect.StateWritten>().ShouldBeEmpty();
        driver.State(_store).ShouldBeEmpty();
    }

    [Fact]
    public void Deletions_go_to_their_handler()
    {
        var topology = Topology.Named("contract")
            .WithState(_store)
            .From(_input, (record, context) => context.Put(_store, record.Key, record.Value), whenDeleted: (record, context) => context.Delete(_store, record.Key))
            .DeadLettersTo(TestTopics.DeadLetters("contract.dlq", partitions: 1));
        var driver = new TopologyTestDriver(topology);
        driver.PipeIn(_input, "a", Tally.Of(1));
        driver.PipeInDeletion(_input, "a");

        driver.State(_store).ShouldBeEmpty();
        driver.DeadLetters.ShouldBeEmpty();
        driver.Restart();
        driver.State(_store).ShouldBeEmpty();
    }

    [Fact]
    public void Outputs_that_are_inputs_come_back_in_their_own_partition()
    {
        var loop = TestTopics.Tallies("contract.loop", partitions: 5);
        var start = TestTopics.Tallies("contract.start", partitions: 5);
        var partitions = new List<(string, int)>();
        var topology = Topology.Named("contract.loop")
            .From(start, (record, context) => context.Send(loop, record.Value.Note, record.Value))
            .From(loop, (record, _) => partitions.Add((record.Key, record.Partition)))
            .To(loop)
            .DeadLettersTo(TestTopics.DeadLetters("contract.dlq"));
        var driver = new TopologyTestDriver(topology);
        driver.PipeIn(start, "from", Tally.Of(1, "to"));

        partitions.ShouldBe([("to", Murmur2.PartitionOf("to"u8, 5))]);
    }

    private TopologyTestDriver Driver(RecordHandler<Tally> handler) => new(
        Topology.Named("contract")
            .WithState(_store)
            .From(_input, handler)
            .To(_output)
            .DeadLettersTo(TestTopics.DeadLetters("contract.dlq", partitions: 1)));
}
