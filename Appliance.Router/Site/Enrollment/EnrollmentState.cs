namespace Appliance.Router.Site.Enrollment;

/// <summary>How a node's request stands; the numbers are those in the file.</summary>
internal enum EnrollmentState
{
    Pending = 1,
    Approved = 2,
    Refused = 3,
}
