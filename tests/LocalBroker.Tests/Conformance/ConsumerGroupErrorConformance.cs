using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Commerce.Streaming.LocalBroker.Tests.Conformance;

/// <summary>What members of the newer protocol are refused with, request by request, for no client sends these.</summary>
public sealed class ConsumerGroupErrorConformance(BrokerUnderTest broker)
{
    private const short None = 0, UnknownMemberId = 25, InconsistentGroupProtocol = 23, InvalidRequest = 42, GroupIdNotFound = 69,
        FencedInstanceId = 82, FencedMemberEpoch = 110, UnreleasedInstanceId = 111, UnsupportedAssignor = 112, StaleMemberEpoch = 113, InvalidRegularExpression = 128;

    private const short Loading = 14, NotAvailable = 15, NotCoordinator = 16, OffsetCommit = 8, OffsetFetch = 9, FindCoordinator = 10, JoinGroup = 11, Heartbeat = 68;

    [Fact]
    public async Task A_member_joins_is_fenced_with_another_epoch_and_leaves()
    {
        var (group, topic) = (BrokerClients.Unique("group"), await broker.NewTopicAsync(2));
        var epoch = await JoinAsync(group, "m", topic);
        (await BeatAsync(group, "m", epoch)).ShouldBe((None, epoch));
        (await BeatAsync(group, "m", epoch + 6)).Error.ShouldBe(FencedMemberEpoch);
        (await BeatAsync(group, "other", epoch)).Error.ShouldBe(UnknownMemberId);
        await JoinAsync(group, "n", topic);
        (await BeatAsync(group, "m", -1)).ShouldBe((None, -1));
        (await BeatAsync(group, "m", epoch)).Error.ShouldBe(UnknownMemberId);
        (await BeatAsync(BrokerClients.Unique("none"), "m", 1)).Error.ShouldBe(GroupIdNotFound);
    }

    [Fact]
    public async Task A_first_request_must_say_what_it_wants()
    {
        var (group, topic) = (BrokerClients.Unique("group"), await broker.NewTopicAsync());
        (await BeatAsync(group, "", 0, topic)).Error.ShouldBe(InvalidRequest);
        (await BeatAsync(group, "m", 0)).Error.ShouldBe(InvalidRequest);
        (await BeatAsync(group, "m", -3)).Error.ShouldBe(InvalidRequest);
        (await BeatAsync(group, "m", -2)).Error.ShouldBe(InvalidRequest);
        (await BeatAsync(group, "m", 0, topic, instance: "")).Error.ShouldBe(InvalidRequest);
        (await BeatAsync(group, "m", 0, topic, assignor: "best")).Error.ShouldBe(UnsupportedAssignor);
        (await BeatAsync(group, "m", 0, topic, pattern: "(")).Error.ShouldBe(InvalidRegularExpression);
    }

    [Fact]
    public async Task A_static_name_has_one_holder_until_it_is_left()
    {
        var (group, topic) = (BrokerClients.Unique("group"), await broker.NewTopicAsync(2));
        var epoch = await JoinAsync(group, "m", topic, instance: "a");
        (await BeatAsync(group, "n", 0, topic, instance: "a")).Error.ShouldBe(UnreleasedInstanceId);
        (await BeatAsync(group, "n", epoch, instance: "a")).Error.ShouldBe(FencedInstanceId);
        (await BeatAsync(group, "m", -2, instance: "a")).ShouldBe((None, -2));
        (await JoinAsync(group, "n", topic, instance: "a")).ShouldBe(epoch);
        (await BeatAsync(group, "m", epoch, instance: "a")).Error.ShouldBe(FencedInstanceId);
    }

    [Fact]
    public async Task Offsets_are_committed_and_read_with_the_members_epoch()
    {
        var (group, topic) = (BrokerClients.Unique("group"), await broker.NewTopicAsync(2));
        var epoch = await JoinAsync(group, "m", topic);
        (await CommitAsync(group, "m", epoch, topic)).ShouldBe(None);
        (await CommitAsync(group, "m", epoch + 1, topic)).ShouldBe(StaleMemberEpoch);
        (await CommitAsync(group, "other", epoch, topic)).ShouldBe(UnknownMemberId);
        (await CommitAsync(group, "", -1, topic)).ShouldBe(UnknownMemberId);
        (await FetchAsync(group, "m", epoch)).ShouldBe(None);
        (await FetchAsync(group, "m", epoch + 1)).ShouldBe(StaleMemberEpoch);
        (await FetchAsync(group, "other", epoch)).ShouldBe(UnknownMemberId);
        (await FetchAsync(group, null, -1)).ShouldBe(None);
    }

    [Fact]
    public async Task A_member_of_another_kind_cannot_join_while_there_are_members()
    {
        var (group, topic) = (BrokerClients.Unique("group"), await broker.NewTopicAsync());
        await JoinAsync(group, "m", topic);
        var join = new FlexibleFrame(JoinGroup, 9).String(group).Int32(10_000).Int32(10_000).String("").String(null).String("connect")
            .Array(1).String("p").Array(0).Tags().String(null).Tags();
        (await AskAsync(group, join)).Error(atBody: 4).ShouldBe(InconsistentGroupProtocol);
    }

    // Which epoch a group begins with is the broker's own affair.
    private async Task<int> JoinAsync(string group, string member, string topic, string? instance = null)
    {
        var (error, epoch) = await BeatAsync(group, member, 0, topic, instance);
        error.ShouldBe(None);
        return epoch;
    }

    private async Task<(short Error, int Epoch)> BeatAsync(
        string group, string member, int epoch, string? topic = null, string? instance = null, string? assignor = null, string? pattern = null)
    {
        var joins = topic is not null;
        var frame = new FlexibleFrame(Heartbeat, 1).String(group).String(member).Int32(epoch).String(instance).String(null).Int32(joins ? 30_000 : -1);
        frame.Array(joins ? 1 : null);
        if (topic is not null)
            frame.String(topic);
        frame.String(pattern).String(assignor).Array(joins ? 0 : null).Tags();
        var answer = await AskAsync(group, frame);
        if (answer.Error(atBody: 4) is not None and var refused)
            return (refused, -1);
        // After the error: no message, the member's id, its epoch.
        return (None, BinaryPrimitives.ReadInt32BigEndian(answer.Body.AsSpan(7 + answer.Body[7])));
    }

    private async Task<short> CommitAsync(string group, string member, int epoch, string topic)
    {
        var frame = new FlexibleFrame(OffsetCommit, 9).String(group).Int32(epoch).String(member).String(null)
            .Array(1).String(topic).Array(1).Int32(0).Int64(1).Int32(-1).String("").Tags().Tags().Tags();
        var body = (await AskAsync(group, frame, errorAt: null)).Body;
        // Throttle time, one topic with its name, one partition with its number.
        return BinaryPrimitives.ReadInt16BigEndian(body.AsSpan(4 + 1 + 1 + Encoding.UTF8.GetByteCount(topic) + 1 + 4));
    }

    private async Task<short> FetchAsync(string group, string? member, int epoch)
    {
        var frame = new FlexibleFrame(OffsetFetch, 9).Array(1).String(group).String(member).Int32(epoch).Array(0).Tags().Int16(0);
        var body = (await AskAsync(group, frame, errorAt: null)).Body;
        // Throttle time, one group with its name, no topic.
        return BinaryPrimitives.ReadInt16BigEndian(body.AsSpan(4 + 1 + 1 + Encoding.UTF8.GetByteCount(group) + 1));
    }

    // Of the broker that coordinates the group, once it does: looking for it is what makes Kafka keep groups at all.
    private async Task<Answer> AskAsync(string group, FlexibleFrame frame, int? errorAt = 4)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60));
            var bootstrap = broker.Address.Split(',')[0].Split(':');
            var found = await AskAsync(bootstrap[0], int.Parse(bootstrap[1], CultureInfo.InvariantCulture), new FlexibleFrame(FindCoordinator, 4).Tags().Array(1).String(group).Tags());
            var (host, port) = Coordinator(found.Body);
            if (port < 0)
                continue;
            var answer = await AskAsync(host, port, frame);
            if (errorAt is { } at ? answer.Error(at) is not (Loading or NotAvailable or NotCoordinator) : answer.Body.Length > 0)
                return answer;
        }
    }

    private static async Task<Answer> AskAsync(string host, int port, FlexibleFrame frame)
    {
        using var client = await RawClient.ConnectAsync(host, port);
        await client.SendAsync(frame.ToArray());
        // The correlation id and the header's tags come first.
        return new Answer((await client.ReceiveAsync())![5..]);
    }

    private static (string Host, int Port) Coordinator(byte[] body)
    {
        // Throttle time, one answer with its key, the node's number.
        var at = 4 + 1;
        at += body[at] + 4;
        var host = Encoding.UTF8.GetString(body, at + 1, body[at] - 1);
        return (host, BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(at + body[at])));
    }

    private sealed record Answer(byte[] Body)
    {
        public short Error(int atBody) => BinaryPrimitives.ReadInt16BigEndian(Body.AsSpan(atBody));
    }
}
