namespace Appliance.Hosting.Sensors;

/// <summary>What all sensors of the machine say. Whoever asks, they are read once in five seconds at most: some drivers take a while.</summary>
internal sealed class SensorBoard(IEnumerable<ISensorSource> sources, TimeProvider clock)
{
    /// <summary>A reading is good for so long.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromSeconds(5);

    /// <summary>Bounds the answer of a machine with a hundred zones.</summary>
    public const int MaxReadings = 64;

    private readonly Lock _turn = new();
    private IReadOnlyList<SensorReading>? _last;
    private long _readAt;

    public IReadOnlyList<SensorReading> Current
    {
        get
        {
            lock (_turn)
            {
                if (_last is null || clock.GetElapsedTime(_readAt) >= Age)
                {
                    _last = [.. sources.SelectMany(source => source.Read()).Take(MaxReadings)];
                    _readAt = clock.GetTimestamp();
                }

                return _last;
            }
        }
    }
}
