namespace Commerce.Streaming.Verification.Sample;

/// <summary>A few numbers of a shop, as its people would ask for them.</summary>
public sealed record ShopFigures(
    IReadOnlyList<WeekFigure> Weeks,
    IReadOnlyList<ProductFigure> TopProducts,
    IReadOnlyList<ChannelFigure> Channels,
    IReadOnlyList<SegmentFigure> Segments,
    LatencyFigure Latency);

public sealed record WeekFigure(DateOnly WeekStart, long Orders, decimal Revenue);

public sealed record ProductFigure(string Title, long Units, decimal Revenue, long Available);

/// <summary>Net revenue that each model gives a channel.</summary>
public sealed record ChannelFigure(string Channel, decimal LastTouch, decimal Linear, decimal PositionBased, decimal TimeDecay);

public sealed record SegmentFigure(string Segment, long Customers, decimal Spent);

/// <summary>Milliseconds from the API's answer to the row in the warehouse; of orders.</summary>
public sealed record LatencyFigure(double Median, double Worst1Percent);
