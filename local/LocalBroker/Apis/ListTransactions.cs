using System.Text.RegularExpressions;
using Commerce.Streaming.LocalBroker.Protocol;
using Commerce.Streaming.LocalBroker.Server;
using Commerce.Streaming.LocalBroker.Transactions;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>
/// Lists transactional ids, filtered by state and producer, from version 1 by how long the transaction has been open, from
/// version 2 by a pattern of the id.
/// <para>Versions 0 to 2, flexible.</para>
/// <para>Not simulated: Kafka's pattern language is RE2; this is .NET's without backtracking, which is close to it.</para>
/// </summary>
internal sealed class ListTransactions(TransactionCoordinator transactions, TimeProvider clock) : Api(ApiKey.ListTransactions, 0, 2, flexibleFrom: 0)
{
    public override ValueTask HandleAsync(RequestContext request)
    {
        var reader = request.Reader();
        var states = reader.StringArray();
        var producers = new HashSet<long>();
        for (var count = reader.Array(); count > 0; count--)
            producers.Add(reader.Int64());
        var openFor = request.Version >= 1 ? reader.Int64() : -1;
        var pattern = request.Version >= 2 ? reader.NullableString() : null;
        var unknown = states.Where(state => !Enum.TryParse<TransactionStatus>(state, out _)).ToList();
        var response = request.Response.Int32(0);
        if (!TryRegex(pattern, out var regex))
        {
            response.Error(ErrorCode.InvalidRegularExpression).Array(0).Array(0).Tags();
            return ValueTask.CompletedTask;
        }

        var found = transactions.All.Select(View.Of)
            .Where(t => states.Count == 0 || states.Contains(t.Status.ToString()))
            .Where(t => producers.Count == 0 || producers.Contains(t.ProducerId))
            .Where(t => openFor < 0 || (t.OpenSince is { } since && (clock.GetUtcNow() - since).TotalMilliseconds > openFor))
            .Where(t => regex is null || regex.IsMatch(t.Id)).ToList();
        response.Error(ErrorCode.None).Array(unknown.Count);
        unknown.ForEach(state => response.String(state));
        response.Array(found.Count);
        found.ForEach(t => response.String(t.Id).Int64(t.ProducerId).String(t.Status.ToString()).Tags());
        response.Tags();
        return ValueTask.CompletedTask;
    }

    private static bool TryRegex(string? pattern, out Regex? regex)
    {
        regex = null;
        if (string.IsNullOrEmpty(pattern))
            return true;
        try
        {
            regex = new Regex($"^(?:{pattern})$", RegexOptions.NonBacktracking);
            return true;
        }
        catch (Exception unusable) when (unusable is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    private sealed record View(string Id, long ProducerId, TransactionStatus Status, DateTimeOffset? OpenSince)
    {
        public static View Of(Transaction transaction)
        {
            lock (transaction.Sync)
            {
                var isOpen = transaction.Status == TransactionStatus.Ongoing || transaction.IsEnding;
                return new View(transaction.Id, transaction.ProducerId, transaction.Status, isOpen ? transaction.StartedAt : null);
            }
        }
    }
}
