namespace Appliance.Router.Traffic;

/// <summary>Connections in the order of their names, one more than the page holds where there are more.</summary>
internal sealed class ConnectionPage(IReadOnlyList<Connection> found, int count)
{
    public IEnumerable<Connection> Items => found.Take(count);

    public string NextToken => found.Count > count ? found[count - 1].Name.ToString() : "";
}
