using Appliance.Logger.Storage;

namespace Appliance.Logger.Fanout;

/// <summary>What stands retained at the broker, on disk: the embedded broker starts with it, and what is no longer wanted can be removed.</summary>
internal sealed class RetainedMessages(LoggerFile file)
{
    public IReadOnlyList<BrokerMessage> All()
    {
        lock (file.ReadLock)
        {
            using var statement = file.Reader.Statement("SELECT topic, payload FROM retained ORDER BY topic");
            using var rows = statement.ExecuteReader();
            var messages = new List<BrokerMessage>();
            while (rows.Read())
            {
                messages.Add(new BrokerMessage(rows.GetString(0), (byte[])rows.GetValue(1), Retain: true));
            }

            return messages;
        }
    }

    /// <summary>Keeps a message; an empty one removes its topic.</summary>
    public void Keep(BrokerMessage message)
    {
        lock (file.WriteLock)
        {
            if (message.Payload.Length == 0)
            {
                file.Writer.Run("DELETE FROM retained WHERE topic = $topic", ("$topic", message.Topic));
            }
            else
            {
                file.Writer.Run(
                    "INSERT OR REPLACE INTO retained (topic, payload) VALUES ($topic, $payload)",
                    ("$topic", message.Topic), ("$payload", message.Payload));
            }
        }
    }
}
