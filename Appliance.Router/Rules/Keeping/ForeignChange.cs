namespace Appliance.Router.Rules.Keeping;

/// <summary>Somebody else's change of our table: the thread's number and name as the kernel tells them, and the ruleset's generation that it made.</summary>
internal readonly record struct ForeignChange(int ProcessId, string ProcessName, uint Generation)
{
    /// <summary>The kernel had no room for its notices, so that it can't be told whether there was one.</summary>
    public static readonly ForeignChange Unheard;

    public bool IsHeard => Generation != 0;

    public override string ToString() => IsHeard ? $"{ProcessName} (process {ProcessId})" : "an unknown process";
}
