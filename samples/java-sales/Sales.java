// Sales by currency in a Postgres of your own, each order counted once: sums and offsets are one transaction.
import java.io.*; import java.math.*; import java.net.URI; import java.net.http.*; import java.nio.ByteBuffer; import java.sql.*; import java.time.Duration; import java.util.*;
import org.apache.avro.Schema; import org.apache.avro.generic.*; import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.*; import org.apache.kafka.clients.producer.*; import org.apache.kafka.common.header.internals.RecordHeader; import org.apache.kafka.common.serialization.*;

public class Sales {
  static final Map<Integer, Schema> SCHEMAS = new HashMap<>();
  public static void main(String[] args) throws Exception {
    var topic = "commerce.orders.completed.v1"; var kafka = System.getenv("KAFKA_BOOTSTRAP");
    Map<String, Object> settings = Map.of("bootstrap.servers", kafka, "group.id", "sales.java", "auto.offset.reset", "earliest", "isolation.level", "read_committed", "session.timeout.ms", "10000");
    var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    var letters = new KafkaProducer<>(Map.<String, Object>of("bootstrap.servers", kafka), new ByteArraySerializer(), new ByteArraySerializer());
    var database = DriverManager.getConnection(System.getenv("SALES_DATABASE"));
    execute(database, "CREATE TABLE IF NOT EXISTS sales (currency text PRIMARY KEY, orders int, revenue numeric); CREATE TABLE IF NOT EXISTS sales_offsets (part int PRIMARY KEY, next bigint)");
    database.setAutoCommit(false);
    consumer.subscribe(List.of(topic));
    while (true) for (var record : consumer.poll(Duration.ofSeconds(1))) {
      GenericRecord order = null;
      try { order = (GenericRecord) read(record.value()).get("order"); }
      catch (RuntimeException | EOFException bad) { // not every IOException: a registry that is away is no reason to give a record up
        letters.send(new ProducerRecord<>("sales.dlq.v1", null, record.key(), record.value(), List.of(new RecordHeader("source", (topic + " [" + record.partition() + "] @" + record.offset() + " " + bad.getClass()).getBytes())))).get(); }
      // No row changes when the record was counted before, by us or by whoever had the partition while we were paused.
      if (execute(database, "INSERT INTO sales_offsets AS o VALUES (?, ?) ON CONFLICT (part) DO UPDATE SET next = excluded.next WHERE o.next < excluded.next", record.partition(), record.offset() + 1) == 1 && order != null)
        execute(database, "INSERT INTO sales AS s VALUES (?, 1, ?) ON CONFLICT (currency) DO UPDATE SET orders = s.orders + 1, revenue = s.revenue + excluded.revenue", order.get("currency").toString(), amount((ByteBuffer) order.get("revenue")));
      database.commit(); } }
  // Read as the writer's revision describes it; give GenericDatumReader a second schema of your own to have it resolved to that.
  static GenericRecord read(byte[] value) throws Exception {
    var bytes = ByteBuffer.wrap(value);
    if (bytes.get() != 0) throw new IllegalArgumentException("not in the registry's wire format");
    var id = bytes.getInt();
    if (!SCHEMAS.containsKey(id)) {
      var answer = HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(System.getenv("SCHEMA_REGISTRY_URL") + "/schemas/ids/" + id + "/schema")).build(), HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() >= 500) throw new IOException("registry: " + answer.statusCode());
      SCHEMAS.put(id, new Schema.Parser().parse(answer.body())); }
    return new GenericDatumReader<GenericRecord>(SCHEMAS.get(id)).read(null, DecoderFactory.get().binaryDecoder(value, 5, value.length - 5, null)); }
  static BigDecimal amount(ByteBuffer bytes) { var unscaled = new byte[bytes.remaining()]; bytes.get(unscaled); return new BigDecimal(new BigInteger(unscaled), 4); }
  static int execute(Connection database, String sql, Object... values) throws SQLException { try (var statement = database.prepareStatement(sql)) { for (int i = 0; i < values.length; i++) statement.setObject(i + 1, values[i]); return statement.executeUpdate(); } }
}
