namespace Appliance.Router.Tests.Rules.Keeping;

/// <summary>The real clock, but for jumps of the wall's.</summary>
internal sealed class JumpingClock : TimeProvider
{
    private TimeSpan _jump;

    public void Jump(TimeSpan by) => _jump += by;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _jump;
}
