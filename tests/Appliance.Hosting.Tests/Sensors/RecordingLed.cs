using Appliance.Hosting.Sensors;

namespace Appliance.Hosting.Tests.Sensors;

/// <summary>A light that writes down what it is to show.</summary>
internal sealed class RecordingLed : IStatusLed, IDisposable
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly Lock _turn = new();
    private readonly List<LedPattern> _shown = [];
    private readonly SemaphoreSlim _more = new(0);
    private int _seen;

    public Exception? Fault { get; init; }

    public IReadOnlyList<LedPattern> Shown
    {
        get
        {
            lock (_turn)
            {
                return [.. _shown];
            }
        }
    }

    public void Show(LedPattern pattern)
    {
        lock (_turn)
        {
            _shown.Add(pattern);
        }

        _more.Release();
        if (Fault is not null)
        {
            throw Fault;
        }
    }

    /// <summary>Waits until it was told so many patterns.</summary>
    public async Task WaitAsync(int count)
    {
        for (; _seen < count; _seen++)
        {
            Assert.True(await _more.WaitAsync(Guard, TestContext.Current.CancellationToken));
        }
    }

    public void Dispose() => _more.Dispose();
}
