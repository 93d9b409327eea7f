using Commerce.Streaming.Processing.Rig.Rates;
using Commerce.Streaming.Processing.Rig.Rounds;
using Commerce.Streaming.Processing.Rig.Servers;

switch (args)
{
    case ["rounds", .. var rest] when RoundsOptions.Parse(rest) is { } rounds:
        await using (var run = new RoundsRun(rounds))
            return await run.RunAsync() ? 0 : 1;
    case ["rates", .. var rest] when RigOptions.TryParse(rest, out var records, out var keys, out var roundsOfRates):
        await using (var servers = new RigServers())
        {
            await servers.StartAsync(RigServers.KafkaHome is null ? 0 : 1);
            await new RatesRun(new RigOptions(servers.Addresses, records, keys, roundsOfRates)).RunAsync();
        }

        return 0;
    default:
        await Console.Error.WriteLineAsync(RoundsOptions.Usage);
        await Console.Error.WriteLineAsync(RigOptions.Usage);
        return 2;
}
