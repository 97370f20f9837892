using System.ComponentModel.DataAnnotations;
using Appliance.Hosting.Configuration;

namespace Appliance.Logger.Dashboard;

/// <summary>What an operator may set about the dashboard.</summary>
public sealed class DashboardOptions
{
    public const string Section = "Logger:Dashboard";

    public bool Enabled { get; set; } = true;

    /// <summary>0 takes a free one.</summary>
    [Range(0, 65535)]
    public int Port { get; set; } = 8443;

    /// <summary>Where the password made at first start is written once, in clear; empty means <c>dashboard-password</c> in the role's state folder.</summary>
    [FilePath]
    public string PasswordFile { get; set; } = "";

    /// <summary>A session nobody uses ends after this time; an open, visible page counts as use.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan SessionIdle { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>A session ends after this time whatever happens.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "7.00:00:00")]
    public TimeSpan SessionLength { get; set; } = TimeSpan.FromHours(12);

    /// <summary>Pages that update live at once; one more is served still, without live updates.</summary>
    [Range(1, 200)]
    public int MaxLivePages { get; set; } = 20;
}
