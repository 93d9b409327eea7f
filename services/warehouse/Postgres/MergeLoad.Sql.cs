namespace Commerce.Streaming.Warehouse.Postgres;

internal static partial class MergeLoad
{
    private const string Upsert = """
        INSERT INTO warehouse.profile_redirects AS known (loser, winner, resolved, version, merged_at, loaded_at)
        SELECT loser, winner, winner, version, merged_at, $5
        FROM unnest($1::text[], $2::text[], $3::bigint[], $4::timestamptz[]) AS stated(loser, winner, version, merged_at)
        ON CONFLICT (loser) DO UPDATE SET
            winner = excluded.winner, resolved = excluded.resolved, version = excluded.version, merged_at = excluded.merged_at, loaded_at = excluded.loaded_at
        WHERE excluded.version > known.version
        """;

    private const string Lengthened = """
        SELECT loser FROM warehouse.profile_redirects WHERE loser = ANY ($1)
        UNION
        SELECT loser FROM warehouse.profile_redirects WHERE resolved = ANY ($1)
        """;

    private const string Follow = """
        UPDATE warehouse.profile_redirects r SET resolved = further.resolved
        FROM warehouse.profile_redirects further
        WHERE r.loser = ANY ($1) AND further.loser = r.resolved
        """;

    private const string Lost = "SELECT loser, resolved FROM warehouse.profile_redirects WHERE loser = ANY ($1)";

    private const string MoveOrders = """
        UPDATE warehouse.fact_orders f
        SET customer_key = (SELECT r.resolved FROM warehouse.profile_redirects r WHERE r.loser = f.customer_key), loaded_at = $2
        WHERE f.customer_key = ANY ($1)
        RETURNING f.platform, f.date_key
        """;

    private const string MoveRefunds = """
        UPDATE warehouse.fact_refunds f
        SET customer_key = (SELECT r.resolved FROM warehouse.profile_redirects r WHERE r.loser = f.customer_key), loaded_at = $2
        WHERE f.customer_key = ANY ($1)
        """;

    private const string MoveIdentities = """
        INSERT INTO warehouse.customer_identities AS known (customer_key, platform, user_id, first_seen, loaded_at)
        SELECT r.resolved, i.platform, i.user_id, min(i.first_seen), max(i.loaded_at)
        FROM warehouse.customer_identities i JOIN warehouse.profile_redirects r ON r.loser = i.customer_key
        WHERE i.customer_key = ANY ($1)
        GROUP BY r.resolved, i.platform, i.user_id
        ON CONFLICT (customer_key, platform, user_id) DO UPDATE SET first_seen = least(known.first_seen, excluded.first_seen)
        """;

    private const string DeleteIdentities = "DELETE FROM warehouse.customer_identities WHERE customer_key = ANY ($1)";

    private const string DeleteCustomers = "DELETE FROM warehouse.dim_customer WHERE customer_key = ANY ($1)";
}
