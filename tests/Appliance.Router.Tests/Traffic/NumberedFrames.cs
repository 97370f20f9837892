using Appliance.Router.Tests.Capture;
using Appliance.Router.Tests.Decoding;

namespace Appliance.Router.Tests.Traffic;

/// <summary>Frames over a cable without end: each number is a flow of its own, and with each goes a packet of one steady flow.</summary>
internal sealed class NumberedFrames : IDisposable
{
    public const int NumberedPort = 4000;
    public const int SteadyPort = 4001;

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;
    private volatile int _last;
    private volatile TaskCompletionSource? _reached;
    private volatile int _target;

    public NumberedFrames(VethPair cable) =>
        _run = Task.Factory.StartNew(() => Send(cable), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>The numbers that the interface took; to be read when stopped.</summary>
    public List<int> Sent { get; } = [];

    /// <summary>The last number that it was tried with.</summary>
    public int Last => _last;

    /// <summary>Complete when that number has been sent.</summary>
    public Task ReachAsync(int number)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _target = number;
        _reached = reached;
        return reached.Task;
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _run;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _run.Wait(CancellationToken.None);
        _stop.Dispose();
    }

    private void Send(VethPair cable)
    {
        using var far = cable.SendFromFar();
        var steady = Frame(0, SteadyPort);
        while (!_stop.IsCancellationRequested)
        {
            var number = _last + 1;
            if (far.TrySend(Frame(number, NumberedPort)))
            {
                Sent.Add(number);
            }

            far.TrySend(steady);
            _last = number;
            if (number >= _target)
            {
                Interlocked.Exchange(ref _reached, null)?.SetResult();
            }

            // A pace that a busy machine keeps up with.
            if (number % 32 == 0)
            {
                _stop.Token.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(1));
            }
        }
    }

    private static byte[] Frame(int number, int port) =>
    [
        .. Frames.Mac("ff:ff:ff:ff:ff:ff"), .. Frames.Mac(Frames.SourceMac), 8, 0,
        .. Frames.IPv4($"10.{number >> 16}.{(number >> 8) & 255}.{number & 255}", "198.51.100.1", 17, Frames.Udp(1, port, [1])),
    ];
}
