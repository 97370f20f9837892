using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Appliance.Hosting.Tests;

/// <summary>Keeps what was logged by our own classes.</summary>
internal sealed class LogRecords : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text, Exception? Error)> _records = new();

    public IReadOnlyList<(LogLevel Level, string Text, Exception? Error)> All => [.. _records];

    public ILogger CreateLogger(string categoryName) => new Sink(this, categoryName.StartsWith("Appliance.", StringComparison.Ordinal));

    public ILogger<T> CreateLogger<T>() => new LoggerFactory([this]).CreateLogger<T>();

    public void Dispose()
    {
    }

    private sealed class Sink(LogRecords records, bool isOurs) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => isOurs;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (isOurs)
            {
                records._records.Enqueue((logLevel, formatter(state, exception), exception));
            }
        }
    }
}
