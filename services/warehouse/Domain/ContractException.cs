namespace Commerce.Streaming.Warehouse.Domain;

/// <summary>A record that can be read but says what its contract rules out. It can never be loaded.</summary>
/// <param name="rule">The broken rule, without values.</param>
internal sealed class ContractException(string rule) : Exception(rule);
