using Commerce.Processing;
using Commerce.Streaming.Contracts;
using Commerce.Streaming.Processing.Testing;

namespace Commerce.Streaming.Processing.Tests.Driver;

/// <summary>What parking a key means, rule by rule.</summary>
public sealed class ParkingTests
{
    private const int Bad = -1;
    private readonly Topic<Tally> _input = TestTopics.Tallies("parking.in");
    private readonly Topic<Tally> _second = TestTopics.Tallies("parking.second");
    private readonly Topic<Tally> _output = TestTopics.Tallies("parking.out");
    private readonly Store<Tally> _sums = new("sums", TestTopics.Tallies("parking.sums", compact: true));
    private readonly TopologyTimer _later = TopologyTimer.InProcessingTime("later");
    private bool _isRepaired;

    [Fact]
    public void A_record_that_fails_parks_its_key_and_no_other()
    {
        var driver = Driver();
        driver.PipeIn(_input, "a", Tally.Of(Bad));
        driver.PipeIn(_input, "b", Tally.Of(5));

        var letter = driver.DeadLetters.ShouldHaveSingleItem();
        (letter.Reason, letter.Number, letter.Attempts).ShouldBe((DeadLetterReasons.Handler, 1, 1));
        driver.Parked.Keys.ShouldBe(["a"]);
        Outputs(driver).ShouldBe(["b=5"]);
    }

    [Fact]
    public void Later_records_of_the_key_wait_behind_it_whatever_input_they_come_from()
    {
        var driver = Driver();
        driver.PipeIn(_input, "a", Tally.Of(Bad));
        driver.PipeIn(_second, "a", Tally.Of(1));
        driver.PipeIn(_input, "a", Tally.Of(2));

        Outputs(driver).ShouldBeEmpty();
        driver.DeadLetters.Select(letter => (letter.Topic, letter.Reason, letter.Number, letter.Attempts)).ShouldBe(
        [
            (_input.Name, DeadLetterReasons.Handler, 1, 1), (_second.Name, DeadLetterReasons.Parked, 2, 0), (_input.Name, DeadLetterReasons.Parked, 3, 0),
        ]);
        driver.DeadLetters.Select(letter => letter.Line).Distinct().ShouldHaveSingleItem().ShouldBe($"{_input.Name}/{driver.DeadLetters[0].Partition}/0");
    }

    [Fact]
    public void Retried_in_order_the_letters_do_what_their_records_would_have_done_and_free_the_key()
    {
        var driver = Parked(1, 2, 3);
        _isRepaired = true;
        foreach (var letter in driver.DeadLetters)
            driver.Retry(letter);

        Outputs(driver).ShouldBe(["a=10", "a=11", "a=13", "a=16"]);
        driver.Parked.ShouldBeEmpty();
        driver.PipeIn(_input, "a", Tally.Of(4));
        Outputs(driver).ShouldBe(["a=20"]);
    }

    [Fact]
    public void A_retry_runs_with_the_record_s_own_input_time_and_place()
    {
        var seen = new List<(string Topic, long Offset, DateTimeOffset Timestamp)>();
        var driver = Driver(record => seen.Add((record.Topic, record.Offset, record.Timestamp)));
        driver.PipeIn(_input, "a", Tally.Of(Bad));
        var then = driver.Now;
        driver.PipeIn(_second, "a", Tally.Of(1));
        driver.AdvanceTime(TimeSpan.FromHours(1));
        _isRepaired = true;
        seen.Clear();
        foreach (var letter in driver.DeadLetters)
            driver.Retry(letter);

        seen.ShouldBe([(_input.Name, 0, then), (_second.Name, 0, then)]);
        driver.All(_output).Select(output => output.Timestamp).ShouldBe([then, then]);
    }

    [Fact]
    public void A_retry_that_comes_twice_is_done_once()
    {
        var driver = Parked(1);
        _isRepaired = true;
        var letters = driver.DeadLetters;
        foreach (var letter in letters.Concat(letters).Concat(letters.Reverse()))
            driver.Retry(letter);

        Outputs(driver).ShouldBe(["a=10", "a=11"]);
        driver.DeadLetters.Count.ShouldBe(2);
    }

    [Fact]
    public void A_retry_before_its_turn_is_not_taken_and_its_letter_stays()
    {
        var driver = Parked(1, 2);
        _isRepaired = true;
        driver.Retry(driver.DeadLetters[2]);
        Outputs(driver).ShouldBeEmpty();

        driver.Retry(driver.DeadLetters[0]);
        driver.Retry(driver.DeadLetters[2]);
        Outputs(driver).ShouldBe(["a=10"]);
        driver.Parked["a"].Next.ShouldBe(2);
    }

    [Fact]
    public void A_letter_of_a_line_that_is_done_is_not_taken_for_the_key_s_next_line()
    {
        var driver = Parked();
        _isRepaired = true;
        var former = driver.DeadLetters[0];
        driver.Retry(former);
        _isRepaired = false;
        driver.PipeIn(_input, "a", Tally.Of(Bad));
        _isRepaired = true;
        driver.Retry(former);

        Outputs(driver).ShouldBe(["a=10"]);
        driver.Parked["a"].Line.ShouldNotBe(former.Line);
        driver.Retry(driver.DeadLetters[1]);
        Outputs(driver).ShouldBe(["a=20"]);
    }

    [Fact]
    public void A_letter_that_fails_again_keeps_its_place_and_counts_its_attempts()
    {
        var driver = Parked(1);
        driver.Retry(driver.DeadLetters[0]);
        driver.Retry(driver.DeadLetters[0]);

        var letter = driver.DeadLetters[^1];
        (letter.Number, letter.Attempts, letter.Offset, letter.Topic).ShouldBe((1, 3, 0, _input.Name));
        (driver.Parked["a"].Next, driver.Parked["a"].Last, driver.Parked["a"].Attempts).ShouldBe((1, 2, 3));
        _isRepaired = true;
        driver.Retry(letter);
        driver.Retry(driver.DeadLetters[1]);
        Outputs(driver).ShouldBe(["a=10", "a=11"]);
    }

    [Fact]
    public void A_letter_behind_that_fails_in_its_turn_holds_the_ones_behind_it()
    {
        var driver = Parked(1, Bad, 2);
        _isRepaired = true;
        driver.Retry(driver.DeadLetters[0]);
        driver.Retry(driver.DeadLetters[1]);
        _isRepaired = false;
        driver.Retry(driver.DeadLetters[2]);
        driver.Retry(driver.DeadLetters[3]);

        Outputs(driver).ShouldBe(["a=10", "a=11"]);
        (driver.Parked["a"].Next, driver.Parked["a"].Reason).ShouldBe((3, DeadLetterReasons.Handler));
        driver.DeadLetters[^1].Number.ShouldBe(3);
    }

    [Fact]
    public void A_letter_that_cannot_be_repaired_is_passed_over()
    {
        var driver = Driver();
        driver.PipeInRaw(_input, "a"u8.ToArray(), [9, 9]);
        driver.PipeIn(_input, "a", Tally.Of(7));
        driver.Retry(driver.DeadLetters[0], skip: true);
        driver.Retry(driver.DeadLetters[0], skip: true);
        driver.Retry(driver.DeadLetters[1]);

        Outputs(driver).ShouldBe(["a=7"]);
        driver.Parked.ShouldBeEmpty();
    }

    [Fact]
    public void Records_that_come_while_letters_are_retried_are_still_in_line()
    {
        var driver = Parked(1);
        _isRepaired = true;
        driver.Retry(driver.DeadLetters[0]);
        driver.PipeIn(_input, "a", Tally.Of(5));
        driver.Retry(driver.DeadLetters[1]);
        Outputs(driver).ShouldBe(["a=10", "a=11"]);

        driver.Retry(driver.DeadLetters[2]);
        Outputs(driver).ShouldBe(["a=16"]);
        driver.Parked.ShouldBeEmpty();
    }

    [Fact]
    public void Everything_is_as_before_after_a_restart()
    {
        var driver = Parked(1, 2);
        _isRepaired = true;
        driver.Restart();
        driver.PipeIn(_input, "a", Tally.Of(3));
        driver.Retry(driver.DeadLetters[0]);
        driver.Restart();
        foreach (var letter in driver.DeadLetters)
            driver.Retry(letter);

        Outputs(driver).ShouldBe(["a=10", "a=11", "a=13", "a=16"]);
        driver.Restart();
        driver.Parked.ShouldBeEmpty();
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
        driver.PipeIn(_input, "a", Tally.Of(1));

        driver.DeadLetters.ShouldHaveSingleItem().CannotBeRetried.ShouldNotBeNull();
        driver.Parked.ShouldBeEmpty();
        Outputs(driver).ShouldBe(["a=1"]);
    }

    [Fact]
    public void A_record_without_a_key_parks_nothing()
    {
        var driver = Driver();
        driver.PipeInRaw(_input, null, [9, 9]);

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
    public void Timers_of_a_parked_key_wait_until_it_is_free_and_others_fire()
    {
        var driver = Driver();
        driver.PipeIn(_input, "a", Tally.Of(1, "timer"));
        driver.PipeIn(_input, "b", Tally.Of(1, "timer"));
        driver.PipeIn(_input, "a", Tally.Of(Bad));
        var due = driver.Now + TimeSpan.FromMinutes(1);
        driver.AdvanceTime(TimeSpan.FromMinutes(10));
        Outputs(driver).ShouldBe(["a=1", "b=1", "timer b"]);

        driver.Restart();
        driver.AdvanceTime(TimeSpan.FromMinutes(10));
        Outputs(driver).ShouldBeEmpty();
        _isRepaired = true;
        driver.Retry(driver.DeadLetters[0]);
        driver.AdvanceTime(TimeSpan.Zero);
        Outputs(driver).ShouldBe(["a=11", "timer a"]);
        driver.All(_output)[^1].Value!.Count.ShouldBe(due.ToUnixTimeMilliseconds());
    }

    [Fact]
    public void A_timer_that_a_retry_takes_back_does_not_fire()
    {
        var driver = Driver();
        driver.PipeIn(_input, "a", Tally.Of(1, "timer"));
        driver.PipeIn(_input, "a", Tally.Of(Bad));
        driver.PipeIn(_input, "a", Tally.Of(1, "cancel"));
        driver.AdvanceTime(TimeSpan.FromMinutes(10));
        _isRepaired = true;
        foreach (var letter in driver.DeadLetters)
            driver.Retry(letter);
        driver.AdvanceTime(TimeSpan.FromMinutes(10));

        Outputs(driver).ShouldBe(["a=1", "a=11", "a=12"]);
    }

    [Fact]
    public void Letter_line_and_offset_are_one_transaction()
    {
        var driver = Driver();
        driver.PipeIn(_input, "a", Tally.Of(Bad));

        driver.Effects.ShouldBe(
        [
            new Effect.Sent("parking.dlq", $"{_input.Name}/{driver.DeadLetters[0].Partition}/0"),
            new Effect.StateWritten("parked", "a", Deleted: false),
            new Effect.OffsetCommitted(_input.Name, driver.DeadLetters[0].Partition, 1),
        ]);
    }

    [Fact]
    public void A_sealed_value_is_opened_for_its_retry_and_one_that_no_key_opens_stays()
    {
        var keyIsHere = false;
        var sealing = new Sealing(plain => [.. plain.ToArray().Reverse()], bytes => keyIsHere ? [.. bytes.ToArray().Reverse()] : throw new InvalidDataException());
        var driver = Driver(sealing: sealing);
        driver.PipeIn(_input, "a", Tally.Of(Bad));
        var before = driver.DeadLetters[0].Value;
        _isRepaired = true;
        driver.Retry(driver.DeadLetters[0]);
        driver.DeadLetters[1].Reason.ShouldBe(DeadLetterReasons.Unsealing);
        driver.DeadLetters[1].Value.ShouldBe(before);

        keyIsHere = true;
        driver.Retry(driver.DeadLetters[1]);
        Outputs(driver).ShouldBe(["a=10"]);
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

    private void Fail(TopologyTestDriver driver, string reason)
    {
        if (reason == DeadLetterReasons.Deserialization)
            driver.PipeInRaw(_input, "a"u8.ToArray(), [9, 9]);
        else if (reason == DeadLetterReasons.UnexpectedDeletion)
            driver.PipeInDeletion(_input, "a");
        else
            driver.PipeIn(_input, "a", Tally.Of(1, reason));
    }

    private TopologyTestDriver Parked(params int[] behind)
    {
        var driver = Driver();
        driver.PipeIn(_input, "a", Tally.Of(Bad));
        foreach (var count in behind)
            driver.PipeIn(_input, "a", Tally.Of(count));
        Outputs(driver).ShouldBeEmpty();
        return driver;
    }

    private TopologyTestDriver Driver(Action<Record<Tally>>? onRecord = null, Sealing? sealing = null) => new(Build(onRecord, sealing));

    private Topology Build(Action<Record<Tally>>? onRecord = null, Sealing? sealing = null)
    {
        void Handle(Record<Tally> record, IProcessingContext context)
        {
            onRecord?.Invoke(record);
            Add(record, context);
        }

        return Topology.Named("parking")
            .WithState(_sums)
            .WithTimers(TestTopics.Timers("parking.timers"))
            .From(_input, Handle)
            .From(_second, Handle)
            .OnTimer(_later, (timer, context) => context.Send(_output, "timer " + timer.Key, Tally.Of(timer.DueAt.ToUnixTimeMilliseconds())))
            .To(_output)
            .DeadLettersTo(TestTopics.DeadLetters("parking.dlq"), sealing)
            .ParkingKeys(TestTopics.Parked("parking.parked"), TestTopics.Retries("parking.retries"), "named");
    }

    private void Add(Record<Tally> record, IProcessingContext context)
    {
        var (count, note) = (record.Value.Count, record.Value.Note);
        var sum = (context.Get(_sums, record.Key)?.Count ?? 0) + (count == Bad ? 10 : count);
        context.Put(_sums, record.Key, Tally.Of(sum, note == DeadLetterReasons.Serialization ? null! : ""));
        context.Send(_output, record.Key, Tally.Of(sum, note == DeadLetterReasons.TooLarge ? new string('x', 2_000_000) : ""));
        if (note is "refused" or "named")
            throw new RejectedRecordException(note);
        if (note == "timer")
            context.Schedule(_later, record.Key, context.Now + TimeSpan.FromMinutes(1));
        if (note == "cancel")
            context.Cancel(_later, record.Key);
        ThrowWhenBad(record.Value);
    }

    private void ThrowWhenBad(Tally tally)
    {
        if (tally.Count == Bad && !_isRepaired)
            throw new InvalidOperationException("bad");
    }

    private List<string> Outputs(TopologyTestDriver driver) =>
        [.. driver.Read(_output).Select(output => output.Key.StartsWith("timer", StringComparison.Ordinal) ? output.Key : $"{output.Key}={output.Value!.Count}")];
}
