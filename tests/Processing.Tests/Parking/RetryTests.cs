namespace Commerce.Streaming.Processing.Tests.Parking;

/// <summary>Letters of a parked key come back in their order, each once.</summary>
public sealed class RetryTests : ParkingTopology
{
    [Fact]
    public void Retried_in_order_the_letters_do_what_their_records_would_have_done_and_free_the_key()
    {
        var driver = Parked(1, 2, 3);
        IsRepaired = true;
        foreach (var letter in driver.DeadLetters)
            driver.Retry(letter);

        Outputs(driver).ShouldBe(["a=10", "a=11", "a=13", "a=16"]);
        driver.Parked.ShouldBeEmpty();
        driver.PipeIn(Input, "a", Tally.Of(4));
        Outputs(driver).ShouldBe(["a=20"]);
    }

    [Fact]
    public void A_retry_runs_with_the_record_s_own_input_time_and_place()
    {
        var seen = new List<(string Topic, long Offset, DateTimeOffset Timestamp)>();
        var driver = Driver(record => seen.Add((record.Topic, record.Offset, record.Timestamp)));
        driver.PipeIn(Input, "a", Tally.Of(Bad));
        var then = driver.Now;
        driver.PipeIn(Second, "a", Tally.Of(1));
        driver.AdvanceTime(TimeSpan.FromHours(1));
        IsRepaired = true;
        seen.Clear();
        foreach (var letter in driver.DeadLetters)
            driver.Retry(letter);

        seen.ShouldBe([(Input.Name, 0, then), (Second.Name, 0, then)]);
        driver.All(Output).Select(output => output.Timestamp).ShouldBe([then, then]);
    }

    [Fact]
    public void A_retry_that_comes_twice_is_done_once()
    {
        var driver = Parked(1);
        IsRepaired = true;
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
        IsRepaired = true;
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
        IsRepaired = true;
        var former = driver.DeadLetters[0];
        driver.Retry(former);
        IsRepaired = false;
        driver.PipeIn(Input, "a", Tally.Of(Bad));
        IsRepaired = true;
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
        (letter.Number, letter.Attempts, letter.Offset, letter.Topic).ShouldBe((1, 3, 0, Input.Name));
        (driver.Parked["a"].Next, driver.Parked["a"].Last, driver.Parked["a"].Attempts).ShouldBe((1, 2, 3));
        IsRepaired = true;
        driver.Retry(letter);
        driver.Retry(driver.DeadLetters[1]);
        Outputs(driver).ShouldBe(["a=10", "a=11"]);
    }

    [Fact]
    public void A_letter_behind_that_fails_in_its_turn_holds_the_ones_behind_it()
    {
        var driver = Parked(1, Bad, 2);
        IsRepaired = true;
        driver.Retry(driver.DeadLetters[0]);
        driver.Retry(driver.DeadLetters[1]);
        IsRepaired = false;
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
        driver.PipeInRaw(Input, "a"u8.ToArray(), [9, 9]);
        driver.PipeIn(Input, "a", Tally.Of(7));
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
        IsRepaired = true;
        driver.Retry(driver.DeadLetters[0]);
        driver.PipeIn(Input, "a", Tally.Of(5));
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
        IsRepaired = true;
        driver.Restart();
        driver.PipeIn(Input, "a", Tally.Of(3));
        driver.Retry(driver.DeadLetters[0]);
        driver.Restart();
        foreach (var letter in driver.DeadLetters)
            driver.Retry(letter);

        Outputs(driver).ShouldBe(["a=10", "a=11", "a=13", "a=16"]);
        driver.Restart();
        driver.Parked.ShouldBeEmpty();
    }

    [Fact]
    public void A_sealed_value_is_opened_for_its_retry_and_one_that_no_key_opens_stays()
    {
        var keyIsHere = false;
        var sealing = new Sealing(plain => [.. plain.ToArray().Reverse()], bytes => keyIsHere ? [.. bytes.ToArray().Reverse()] : throw new InvalidDataException());
        var driver = Driver(sealing: sealing);
        driver.PipeIn(Input, "a", Tally.Of(Bad));
        var before = driver.DeadLetters[0].Value;
        IsRepaired = true;
        driver.Retry(driver.DeadLetters[0]);
        driver.DeadLetters[1].Reason.ShouldBe(DeadLetterReasons.Unsealing);
        driver.DeadLetters[1].Value.ShouldBe(before);

        keyIsHere = true;
        driver.Retry(driver.DeadLetters[1]);
        Outputs(driver).ShouldBe(["a=10"]);
    }
}
