namespace Appliance.Router.Rules.Feeds;

/// <summary>What one line of a feed is.</summary>
internal enum LineKind
{
    /// <summary>Says nothing: blank, a comment, or about the list itself.</summary>
    Silent,

    /// <summary>One address or network.</summary>
    Entry,

    /// <summary>Names that lead nowhere.</summary>
    Names,

    /// <summary>Nothing that the format knows.</summary>
    Unreadable,
}
