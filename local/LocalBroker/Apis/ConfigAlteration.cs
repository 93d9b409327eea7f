using Commerce.Streaming.LocalBroker.Protocol;

namespace Commerce.Streaming.LocalBroker.Apis;

/// <summary>The answer that both ways of altering settings share.</summary>
internal static class ConfigAlteration
{
    public static void WriteResults<T>(
        ResponseWriter response,
        List<T> resources,
        Func<T, (ErrorCode Error, string? Message)> alter,
        Func<T, (sbyte Type, string Name)> identify)
    {
        response.Int32(0).Array(resources.Count);
        foreach (var resource in resources)
        {
            var (error, message) = alter(resource);
            var (type, name) = identify(resource);
            response.Error(error).String(message).Int8(type).String(name).Tags();
        }

        response.Tags();
    }
}
