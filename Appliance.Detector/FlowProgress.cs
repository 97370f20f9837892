namespace Appliance.Detector;

/// <summary>How far the Detector has come in the Router's flow events.</summary>
public sealed class FlowProgress
{
    private readonly FlowIntake _intake;

    internal FlowProgress(FlowIntake intake) => _intake = intake;

    /// <summary>True when that event of that life of the Router has been taken in, with all before it.</summary>
    public bool HasReached(string epoch, ulong sequence) => _intake.Cursor is { } cursor && cursor.Epoch == epoch && cursor.Sequence >= sequence;
}
