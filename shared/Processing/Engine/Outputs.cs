using Avro.Specific;
using Commerce.Streaming.Contracts;

namespace Commerce.Streaming.Processing.Engine;

/// <summary>What the topology has declared that it writes, with serdes made on first use.</summary>
internal sealed class Outputs
{
    private readonly Topology _topology;
    private readonly ISerdes _serdes;
    private readonly HashSet<string> _declared;
    private readonly Dictionary<string, object> _bound = new(StringComparer.Ordinal);

    public Outputs(Topology topology, ISerdes serdes)
    {
        _topology = topology;
        _serdes = serdes;
        _declared = topology.Outputs.Select(output => output.Name).ToHashSet(StringComparer.Ordinal);
    }

    /// <exception cref="TopologyException">The topic is not among the outputs.</exception>
    public IValueSerde<T> SerdeOf<T>(Topic<T> topic) where T : class, ISpecificRecord
    {
        if (_bound.TryGetValue(topic.Name, out var bound))
            return (IValueSerde<T>)bound;
        if (!_declared.Contains(topic.Name))
            throw new TopologyException($"topology {_topology.Name} sends to {topic.Name}, which .To(…) does not name");
        var serde = _serdes.For(topic);
        _bound.Add(topic.Name, serde);
        return serde;
    }

    /// <summary>The bytes of an output.</summary>
    /// <exception cref="TopologyException">The topic is not among the outputs.</exception>
    /// <exception cref="PoisonException">The value does not fit its schema, or has more than <paramref name="bytesMax"/> bytes.</exception>
    public byte[] Write<T>(Topic<T> topic, T value, int bytesMax) where T : class, ISpecificRecord
    {
        ArgumentNullException.ThrowIfNull(value);
        var bytes = Writing.Write(SerdeOf(topic), value);
        return bytes.Length <= bytesMax ? bytes : throw new PoisonException(DeadLetterReasons.TooLarge, cause: null);
    }

    /// <exception cref="TopologyException">Nobody handles the timer.</exception>
    public void ThrowIfUnknown(TopologyTimer timer)
    {
        if (!_topology.Timers.TryGetValue(timer.Name, out var known) || known.Timer != timer)
            throw new TopologyException($"topology {_topology.Name} sets the timer '{timer.Name}', which .OnTimer(…) does not handle");
    }
}
