namespace Commerce.Streaming.EventSender;

/// <summary>The API cannot be reached for too long, or refuses in a way that repeating does not mend. The message is for users.</summary>
public sealed class SendFailedException(string message, Exception? inner = null) : Exception(message, inner);
