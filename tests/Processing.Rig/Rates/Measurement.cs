using System.Globalization;

namespace Commerce.Streaming.Processing.Rig.Rates;

/// <summary>How fast a contender was.</summary>
/// <param name="Rate">Records a second, by the clock.</param>
/// <param name="Cpu">Processor time of this process a record: on a machine that others use, too, it tells more than the clock.</param>
internal readonly record struct Measurement(double Rate, TimeSpan Cpu)
{
    /// <summary>The middle one of each figure.</summary>
    public static Measurement Median(IReadOnlyCollection<Measurement> all) =>
        new(all.Select(each => each.Rate).Order().ElementAt(all.Count / 2), all.Select(each => each.Cpu).Order().ElementAt(all.Count / 2));

    public string Describe(string name, Measurement? raw) => string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-24} {Rate,10:n0} records/s {Cpu.TotalMicroseconds,8:n1} us CPU a record{(raw is { } other ? $"   {Rate / other.Rate:n2} of raw" : "")}");
}
