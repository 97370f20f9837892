namespace Appliance.Router.Capture;

/// <summary>How an interface is.</summary>
internal enum LinkState
{
    Up,

    /// <summary>There, but switched off: nothing can be received.</summary>
    Down,

    /// <summary>Deleted or renamed, whatever is called like it now.</summary>
    Gone,
}
