namespace Appliance.Logger.Dashboard.Access;

/// <summary>Whether the person in front of a page may change something.</summary>
public enum ActRight
{
    /// <summary>The account is a reader's.</summary>
    None,

    /// <summary>The account may, the token has ended: it lives shorter than the session, and not through a restart of the Logger.</summary>
    AfterLogIn,

    Now,
}
