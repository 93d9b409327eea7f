using Commerce.Streaming.LocalBroker.Apis;
using Commerce.Streaming.LocalBroker.Groups;
using Commerce.Streaming.LocalBroker.State;
using Commerce.Streaming.LocalBroker.Storage;
using Commerce.Streaming.LocalBroker.Topics;
using Commerce.Streaming.LocalBroker.Transactions;

namespace Commerce.Streaming.LocalBroker.Server;

/// <summary>Everything that a broker keeps, opened in order: state, topics, groups, transactions.</summary>
internal sealed class BrokerState : IDisposable
{
    private readonly DataDirectoryLock _lock;

    public BrokerState(LocalBrokerOptions options)
    {
        Directory.CreateDirectory(options.DataDirectory);
        _lock = DataDirectoryLock.Take(options.DataDirectory);
        try
        {
            DataFormat.Check(options.DataDirectory);
            ClusterId = BrokerIdentity.ClusterIdOf(options.DataDirectory);
            Store = new StateStore(Path.Combine(options.DataDirectory, "state"), options.Flush);
            Topics = new TopicCatalog(options.DataDirectory, options.TopicDefaults, options.MaxPartitions, options.Clock);
            Groups = new GroupCoordinator(Store, Topics, options);
            Transactions = new TransactionCoordinator(Store, Topics, Groups, options);
        }
        catch
        {
            Store?.Dispose();
            _lock.Dispose();
            throw;
        }
    }

    public string ClusterId { get; }

    public StateStore Store { get; }

    public TopicCatalog Topics { get; }

    public GroupCoordinator Groups { get; }

    public TransactionCoordinator Transactions { get; }

    /// <summary>All request types that the broker serves.</summary>
    public ApiTable Apis(LocalBrokerOptions options, BrokerIdentity identity)
    {
        var creation = new TopicCreation(Topics, options);
        var durability = new Durability(options.Flush);
        List<Api> apis =
        [
            new Produce(Topics, creation, Transactions, durability),
            new Fetch(Topics, options.Clock),
            new ListOffsets(Topics),
            new Metadata(Topics, creation, identity),
            new FindCoordinator(identity),
            new JoinGroup(Groups, options),
            new SyncGroup(Groups),
            new Heartbeat(Groups),
            new LeaveGroup(Groups),
            new ConsumerGroupHeartbeat(Groups, options),
            new ConsumerGroupDescribe(Groups, Topics),
            new OffsetCommit(Groups, Topics),
            new OffsetFetch(Groups, Topics),
            new ListGroups(Groups),
            new DescribeGroups(Groups),
            new CreateTopics(Topics, options),
            new DeleteTopics(Topics, Groups),
            new DeleteGroups(Groups),
            new OffsetDelete(Groups),
            new CreatePartitions(Topics),
            new DeleteRecords(Topics),
            new DescribeConfigs(Topics, options),
            new AlterConfigs(Topics),
            new IncrementalAlterConfigs(Topics),
            new DescribeCluster(identity),
            new DescribeTopicPartitions(Topics),
            new DescribeLogDirs(Topics, options),
            new ListPartitionReassignments(),
            new OffsetForLeaderEpoch(Topics),
            new InitProducerId(Transactions),
            new AddPartitionsToTxn(Transactions, Topics),
            new AddOffsetsToTxn(Transactions),
            new TxnOffsetCommit(Transactions, Groups, Topics),
            new EndTxn(Transactions),
            new DescribeProducers(Topics),
            new DescribeTransactions(Transactions),
            new ListTransactions(Transactions, options.Clock),
        ];
        return new ApiTable([.. apis, new ApiVersions(apis)]);
    }

    public void Dispose()
    {
        Topics.Close();
        Store.Flush();
        Store.Dispose();
        _lock.Dispose();
    }
}
