using Commerce.Streaming.Processing.Testing;

namespace Commerce.Streaming.Processing.Tests.Parking;

/// <summary>What parks a key, and what waits behind it.</summary>
public sealed class ParkingTests : ParkingTopology
{
    [Fact]
    public void A_record_that_fails_parks_its_key_and_no_other()
    {
        var driver = Driver();
        driver.PipeIn(Input, "a", Tally.Of(Bad));
        driver.PipeIn(Input, "b", Tally.Of(5));

        var letter = driver.DeadLetters.ShouldHaveSingleItem();
        (letter.Reason, letter.Number, letter.Attempts).ShouldBe((DeadLetterReasons.Handler, 1, 1));
        driver.Parked.Keys.ShouldBe(["a"]);
        Outputs(driver).ShouldBe(["b=5"]);
    }

    [Fact]
    public void Later_records_of_the_key_wait_behind_it_whatever_input_they_come_from()
    {
        var driver = Driver();
        driver.PipeIn(Input, "a", Tally.Of(Bad));
        driver.PipeIn(Second, "a", Tally.Of(1));
        driver.PipeIn(Input, "a", Tally.Of(2));

        Outputs(driver).ShouldBeEmpty();
        driver.DeadLetters.Select(letter => (letter.Topic, letter.Reason, letter.Number, letter.Attempts)).ShouldBe(
        [
            (Input.Name, DeadLetterReasons.Handler, 1, 1), (Second.Name, DeadLetterReasons.Parked, 2, 0), (Input.Name, DeadLetterReasons.Parked, 3, 0),
        ]);
        driver.DeadLetters.Select(letter => letter.Line).Distinct().ShouldHaveSingleItem().ShouldBe($"{Input.Name}/{driver.DeadLetters[0].Partition}/0");
    }

    [Theory]
    [InlineData(DeadLetterReasons.Deserialization)]
    [InlineData(DeadLetterReasons.UnexpectedDeletion)]
    [InlineData(DeadLetterReasons.Serialization)]
    [InlineData(DeadLetterReasons.TooLarge)]
    [InlineData("named")]
    public void Whatever_leaves_a_hole_in_the_key_s_records_parks(string reason)
    {
        var driver = Driver();
        Fail(driver, reason);

        driver.DeadLetters.ShouldHaveSingleItem().Reason.ShouldBe(reason);
        driver.Parked.Keys.ShouldBe(["a"]);
    }

    [Fact]
    public void A_rejection_is_a_judgement_and_the_key_goes_on()
    {
        var driver = Driver();
        Fail(driver, "refused");
        driver.PipeIn(Input, "a", Tally.Of(1));

        driver.DeadLetters.ShouldHaveSingleItem().CannotBeRetried.ShouldNotBeNull();
        driver.Parked.ShouldBeEmpty();
        Outputs(driver).ShouldBe(["a=1"]);
    }

    [Fact]
    public void A_record_without_a_key_parks_nothing()
    {
        var driver = Driver();
        driver.PipeInRaw(Input, null, [9, 9]);

        driver.DeadLetters.ShouldHaveSingleItem().Reason.ShouldBe(DeadLetterReasons.MalformedKey);
        driver.Parked.ShouldBeEmpty();
    }

    [Fact]
    public void Keys_of_one_root_are_parked_together()
    {
        var input = TestTopics.Tallies("parking.one", partitions: 1);
        var driver = new TopologyTestDriver(
            Topology.Named("parking").From(input, (record, _) => ThrowWhenBad(record.Value))
                .DeadLettersTo(TestTopics.DeadLetters("parking.dlq", 1))
                .ParkingKeys(TestTopics.Parked("parking.parked", 1), TestTopics.Retries("parking.retries", 1)));
        driver.PipeIn(input, "a|1", Tally.Of(Bad));
        driver.PipeIn(input, "a|2", Tally.Of(1));
        driver.PipeIn(input, "a", Tally.Of(1));
        driver.PipeIn(input, "ab", Tally.Of(1));

        driver.DeadLetters.Select(letter => letter.Number).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void Letter_line_and_offset_are_one_transaction()
    {
        var driver = Driver();
        driver.PipeIn(Input, "a", Tally.Of(Bad));

        driver.Effects.ShouldBe(
        [
            new Effect.Sent("parking.dlq", $"{Input.Name}/{driver.DeadLetters[0].Partition}/0"),
            new Effect.StateWritten("parked", "a", Deleted: false),
            new Effect.OffsetCommitted(Input.Name, driver.DeadLetters[0].Partition, 1),
        ]);
    }

    [Fact]
    public void More_parked_keys_than_allowed_stop_the_topology()
    {
        var topology = Build();
        var lines = new Engine.LetterLines(topology.Lines!, TimeProvider.System, linesMax: 0);
        var context = new Engine.ProcessingContext(new Engine.Outputs(topology, new PlainAvroSerdes()), TimeProvider.System, 1_000);
        var engine = new Engine.TopologyEngine(topology, new PlainAvroSerdes(), TimeProvider.System, 1_000);
        context.Begin(engine.CreateTask(0), DateTimeOffset.UnixEpoch, headers: null);

        Should.Throw<TopologyFailedException>(() => lines.Begin("a", new Engine.Letter(new InputRecord(), DeadLetterReasons.Handler), context))
            .Reason.ShouldBe("parked_keys_max");
    }
}
