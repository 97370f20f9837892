namespace Appliance.Router.Rules.Policy;

/// <summary>Which feeds a policy may name.</summary>
internal interface IFeedNames
{
    /// <summary>True for a feed that is for matching only, false for one that drops by itself, null where no feed has the id.</summary>
    bool? IsMatchOnly(string feedId);
}
