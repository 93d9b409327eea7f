using System.Text.Json;
using Commerce.Inventory;
using Commerce.Streaming.InventorySync.Http;
using Commerce.Streaming.Processing;

namespace Commerce.Streaming.InventorySync.Adapters;

/// <summary>Reservations in Redis, as the API answers them: JSON under <c>commerce:inventory:reservations:id</c>.</summary>
public static class StatusView
{
    public const string KeyPrefix = "commerce:inventory:reservations:";

    public static readonly RedisView View = RedisView.AsString(Stores.Status, KeyPrefix, (id, status) => Write(id, status.Lines));

    public static string Write(string reservationId, IReadOnlyList<ReservationDecided> lines) =>
        JsonSerializer.Serialize(ReservationAnswer.Of(reservationId, lines), JsonSerializerOptions.Web);

    public static ReservationAnswer Read(string json) => JsonSerializer.Deserialize<ReservationAnswer>(json, JsonSerializerOptions.Web)!;
}
