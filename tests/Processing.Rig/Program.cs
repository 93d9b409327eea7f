using Commerce.Streaming.Processing.Rig.Rates;
using Commerce.Streaming.Processing.Rig.Rounds;

switch (args)
{
    case ["rounds", .. var rest] when RoundsOptions.Parse(rest) is { } rounds:
        await using (var run = new RoundsRun(rounds))
            return await run.RunAsync() ? 0 : 1;
    case ["rates", .. var rest] when RigOptions.Parse(rest) is { } rates:
        await new RatesRun(rates).RunAsync();
        return 0;
    default:
        await Console.Error.WriteLineAsync(RoundsOptions.Usage);
        await Console.Error.WriteLineAsync(RigOptions.Usage);
        return 2;
}
