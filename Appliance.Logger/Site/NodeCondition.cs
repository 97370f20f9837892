namespace Appliance.Logger.Site;

/// <summary>How a role is, as the Logger sees it.</summary>
internal enum NodeCondition
{
    /// <summary>It does not answer the Logger.</summary>
    Down,

    /// <summary>It answers, and says that a part of it works with less than it should or not at all.</summary>
    Degraded,

    Up,
}
