using System.ComponentModel.DataAnnotations;

namespace Appliance.Logger.Dashboard;

/// <summary>What an operator may set about the dashboard.</summary>
public sealed class DashboardOptions
{
    public const string Section = "Logger:Dashboard";

    public bool Enabled { get; set; } = true;

    /// <summary>0 takes a free one.</summary>
    [Range(0, 65535)]
    public int Port { get; set; } = 8443;

    /// <summary>A session nobody uses ends after this time; an open, visible page counts as use.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan SessionIdle { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>A session ends after this time whatever happens. Its right to act ends sooner: `Router:Sessions:Length`.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "7.00:00:00")]
    public TimeSpan SessionLength { get; set; } = TimeSpan.FromHours(12);

    /// <summary>Pages that update live at once; one more is served still, without live updates.</summary>
    [Range(1, 200)]
    public int MaxLivePages { get; set; } = 20;
}
