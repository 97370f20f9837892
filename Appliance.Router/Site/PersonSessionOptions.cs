using System.ComponentModel.DataAnnotations;

namespace Appliance.Router.Site;

/// <summary>Bounds of the sessions that people have at the dashboard.</summary>
public sealed class PersonSessionOptions
{
    public const string Section = "Router:Sessions";

    /// <summary>How long a token lets its holder act. Whoever takes the Logger over while somebody is signed in has that right for as long.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "12:00:00")]
    public TimeSpan Length { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Sessions that one account may have at once; one more ends its oldest.</summary>
    [Range(1, 100)]
    public int MaxPerAccount { get; set; } = 16;
}
