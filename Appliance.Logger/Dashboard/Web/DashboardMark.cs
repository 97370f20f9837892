namespace Appliance.Logger.Dashboard.Web;

/// <summary>Marks connections of the dashboard's listener, and the endpoints that are answered there.</summary>
/// <remarks>The mark is on the connection itself: a Host header cannot claim it.</remarks>
internal sealed record DashboardMark
{
    public static readonly DashboardMark Instance = new();
}
