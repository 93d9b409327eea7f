using Commerce.Streaming.Contracts;
using Commerce.Streaming.Processing.Testing;

namespace Commerce.Streaming.Processing.Tests.Parking;

/// <summary>Where order does not matter, nothing waits, and letters are still taken back once each.</summary>
public sealed class AnyOrderTests
{
    private readonly Topic<Tally> _input = TestTopics.Tallies("any.in");
    private readonly Topic<Tally> _output = TestTopics.Tallies("any.out");
    private bool _isRepaired;

    [Fact]
    public void The_key_goes_on_and_each_letter_is_a_line_of_its_own()
    {
        var driver = Driver();
        driver.PipeIn(_input, "a", Tally.Of(-1));
        driver.PipeIn(_input, "a", Tally.Of(2));
        driver.PipeIn(_input, "a", Tally.Of(-3));

        Outputs(driver).ShouldBe([2]);
        driver.DeadLetters.Select(letter => letter.Number).ShouldBe([1, 1]);
        driver.Parked.Count.ShouldBe(2);
    }

    [Fact]
    public void Letters_are_taken_in_any_order_and_each_once()
    {
        var driver = Driver();
        driver.PipeIn(_input, "a", Tally.Of(-1));
        driver.PipeIn(_input, "a", Tally.Of(-3));
        driver.Retry(driver.DeadLetters[1]);
        _isRepaired = true;
        var letters = driver.DeadLetters;
        foreach (var letter in letters.Reverse().Concat(letters))
            driver.Retry(letter);

        Outputs(driver).ShouldBe([-3, -1]);
        driver.Parked.ShouldBeEmpty();
    }

    [Fact]
    public void What_was_rejected_can_be_retried_under_other_rules()
    {
        var driver = Driver();
        driver.PipeIn(_input, "a", Tally.Of(-1, "refused"));
        _isRepaired = true;
        driver.Retry(driver.DeadLetters.ShouldHaveSingleItem());

        Outputs(driver).ShouldBe([-1]);
    }

    [Fact]
    public void A_topology_takes_letters_back_in_one_way()
    {
        var (parked, retries) = (TestTopics.Parked("any.parked"), TestTopics.Retries("any.retries"));

        Should.Throw<TopologyException>(() => Topology.Named("any").ParkingKeys(parked, retries).RetryingInAnyOrder(parked, retries));
    }

    private List<long> Outputs(TopologyTestDriver driver) => [.. driver.Read(_output).Select(output => output.Value!.Count)];

    private TopologyTestDriver Driver() => new(
        Topology.Named("any").From(_input, Handle).To(_output)
            .DeadLettersTo(TestTopics.DeadLetters("any.dlq"))
            .RetryingInAnyOrder(TestTopics.Parked("any.parked"), TestTopics.Retries("any.retries")));

    private void Handle(Record<Tally> record, IProcessingContext context)
    {
        context.Send(_output, record.Key, record.Value);
        if (record.Value.Count < 0 && !_isRepaired)
            throw record.Value.Note.Length > 0 ? new RejectedRecordException(record.Value.Note) : new InvalidOperationException("bad");
    }
}
