namespace Appliance.Router.Nftables;

/// <summary>A line of a table's listing, in the chain, set or other object that it stands in; none for what heads them.</summary>
internal readonly record struct ListedLine(string Place, string Text)
{
    public override string ToString() => Place.Length == 0 ? Text : $"{Place}: {Text}";
}
