namespace Appliance.Router.Capture;

/// <summary>Holds the configured file back until those who are to see its first packet are there; interfaces wait for nobody.</summary>
public sealed class CaptureStart
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Complete once the file may be played.</summary>
    public Task Begun => _begun.Task;

    /// <summary>One that holds nothing back, as on an installed node.</summary>
    public static CaptureStart AtOnce()
    {
        var start = new CaptureStart();
        start.Begin();
        return start;
    }

    public void Begin() => _begun.TrySetResult();
}
